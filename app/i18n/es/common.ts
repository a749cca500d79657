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
    printed: "Léalo y dé su opinión en {{address}}",
    promise:
      "No necesita una cuenta para leer ni para opinar. Cada comentario recibe una respuesta.",
  },
  doc: {
    table: "Tabla",
    callout: { note: "Nota", caution: "Atención", instructor: "Para quien imparte el curso" },
    part: {
      intro: "Introducción",
      presentation: "Exposición",
      activity: "Actividad",
      scenario: "Escenario",
      break: "Descanso",
      summary: "Resumen",
      debrief: "Cierre y reflexión",
    },
    minutes_one: "{{count}} minuto",
    minutes_many: "{{count}} minutos",
    minutes_other: "{{count}} minutos",
    objective: {
      terminal: "Meta del módulo",
      enabling: "Paso hacia la meta",
      condition: "En qué condiciones",
      standard: "Con qué calidad",
      assessed: "Cómo se comprueba",
    },
  },
};
