export default {
  name: "Groundwork",
  skip: "Saltar al texto",
  optional: "(opcional)",
  nav: {
    label: "Principal",
    breadcrumb: "Usted está aquí",
    languages: "Idioma",
    receipt: "Buscar mi recibo",
    work: "Mi trabajo",
    people: "Personas",
    signIn: "Iniciar sesión",
  },
  footer: {
    promise:
      "No necesita una cuenta para leer ni para opinar. Cada comentario recibe una respuesta.",
  },
};
