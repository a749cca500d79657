export default {
  title: {
    signIn: "Primero inicie sesión",
    forbidden: "No puede abrir esta página",
    notFound: "No encontramos esa página",
    conflict: "Esto cambió mientras tanto",
    gone: "Esto ya no está aquí",
    tooLarge: "Es demasiado grande",
    tooMany: "Espere un minuto, por favor",
    refused: "No pudimos recibirlo",
    unexpected: "Algo falló de nuestro lado",
    diskFull: "Ya no hay espacio para guardar",
  },
  signIn: "Esta página es para quienes tienen una cuenta aquí. Para leer y comentar no hace falta.",
  notFound:
    "Quizá cambió de lugar o la dirección tiene un error. Revísela o empiece desde la página principal.",
  unexpected: "No fue culpa suya. Inténtelo de nuevo en un momento. Anotamos lo que pasó.",
  refused: "Vuelva a la página anterior, revise lo que envió e inténtelo de nuevo.",
  gone: "Estuvo aquí. Ya se usó, cambió de lugar o se retiró.",
  forbidden:
    "Su función no permite esto. Si cree que debería, pregunte a la persona administradora.",
  conflict: "Alguien cambió esto mientras usted lo tenía abierto. Mírelo de nuevo y luego decida.",
  tooMany:
    "Fueron muchos envíos en poco tiempo. Espere un minuto e inténtelo de nuevo. Lo que escribió se conserva.",
  origin:
    "Este formulario se envió desde otro sitio, así que no lo aceptamos. Abra la página aquí y envíelo de nuevo.",
  tooLarge: "Es más de lo que podemos recibir de una vez. Envíelo en partes más pequeñas.",
  diskFull:
    "Esta instalación ya no tiene espacio para guardar nada, así que no se guardó nada. Copie lo que escribió y avise a quien la administra.",
  backHome: "Ir a la página principal",
  openAgain: "Abrirlo de nuevo",
  tryAgain: "Intentarlo de nuevo",
  summary: "Por favor, revise lo siguiente:",
  required: "Por favor, complete este campo.",
  tooLong: "Es demasiado largo. Por favor, acórtelo.",
};
