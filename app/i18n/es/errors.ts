export default {
  notFoundTitle: "No encontramos esa página",
  notFound:
    "Quizá cambió de lugar o la dirección tiene un error. Revísela o empiece desde la página principal.",
  unexpectedTitle: "Algo falló de nuestro lado",
  unexpected: "No se cambió nada. Inténtelo de nuevo en un momento.",
  forbidden:
    "Su función no permite esto. Si cree que debería, pregunte a la persona administradora.",
  conflict: "Alguien cambió esto mientras usted lo tenía abierto. Mírelo de nuevo y luego decida.",
  tooMany:
    "Fueron muchos envíos en poco tiempo. Espere un minuto e inténtelo de nuevo. Lo que escribió se conserva.",
  origin:
    "Este formulario se envió desde otro sitio, así que no lo aceptamos. Abra la página aquí y envíelo de nuevo.",
  tooLarge: "Es más de lo que podemos recibir de una vez.",
  diskFull:
    "Esta instalación ya no tiene espacio para guardar nada, así que no se guardó nada. Copie lo que escribió y avise a quien la administra.",
  backHome: "Ir a la página principal",
  summary: "Por favor, revise lo siguiente:",
  required: "Por favor, complete este campo.",
  tooLong: "Es demasiado largo. Por favor, acórtelo.",
};
