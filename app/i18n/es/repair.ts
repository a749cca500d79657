export default {
  title: "Comentarios que perdieron su lugar",
  titleShort: "Lista de reparación",
  pageTitle: "Lista de reparación ({{n}}) · {{curriculum}}",
  lead: "El texto cambió debajo de estos comentarios. Diga dónde va ahora cada uno. Quien lo escribió también puede hacerlo, desde su recibo.",
  count_one: "{{count}} comentario por ubicar",
  count_many: "{{count}} comentarios por ubicar",
  count_other: "{{count}} comentarios por ubicar",
  inModule: "Módulo",
  all: "Todos los módulos",
  empty: "Todos los comentarios abiertos están en su lugar",
  emptyHint: "Cuando el texto cambia tanto que no sabemos dónde va un comentario, aparece aquí.",
  emptyFilter: "Ningún comentario de este módulo necesita un lugar.",
  showAll: "Ver todos los módulos",
  by: "{{name}}, {{date}}",
  open: "Leerlo con sus respuestas",

  was: "De qué trataba",
  now: "Qué dice ahora ahí",
  status: {
    changed: "Estas palabras se reescribieron.",
    ambiguous: "Estas palabras están ahora en más de un lugar.",
    gone: "Estas palabras ya no están en el borrador.",
  },
  candidates: "Puede ir aquí",
  candidatesAmbiguous: "¿Cuál de estos es?",
  inSection: "En «{{section}}»",

  confirm: "Sigue yendo aquí",
  here: "Va aquí",
  hereIn: "Va aquí: «{{words}}»",
  move: "Moverlo…",
  lose: "Ya no tiene lugar",
  loseHint: "Entonces trata de todo el módulo.",

  done: {
    confirmed: "Listo. Queda donde usted dijo.",
    moved: "Listo. Ya tiene su nuevo lugar.",
    lost: "Listo. Ahora trata de todo el módulo.",
  },

  giveBack: "Darle un lugar de todos modos",

  fromDraft: "Decir dónde van ahora",

  place: {
    title: "¿Dónde va?",
    lead: "Elija un párrafo y presione «Ponerlo aquí».",
    leadWords: "Para señalar solo algunas palabras, selecciónelas en el párrafo.",
    search: "Buscar un párrafo",
    searchHint: "Palabras que están en él",
    find: "Buscar",
    clear: "Ver todos los párrafos",
    none: "Ningún párrafo tiene todas estas palabras.",
    paragraphs: "Párrafos del borrador",
    likely: "Lugares probables",
    start: "Al comienzo",
    submit: "Ponerlo aquí",
    back: "Volver sin moverlo",
    words: "Solo estas palabras",
    whole: "Mejor todo el párrafo",
  },

  receipt: {
    title: "Dónde está su comentario",
    doubt:
      "El texto cambió y no podemos saber con certeza dónde va su comentario. Usted puede decirlo. También puede hacerlo una persona instructora.",
    noPlace: "Por ahora no tiene lugar en el texto: trata de todo el módulo.",
    giveOne: "Darle un lugar",
    events: {
      confirmed: "{{who}} dijo que sigue yendo en su pasaje",
      moved: "{{who}} le dio otro lugar",
      lost: "{{who}} dijo que ya no tiene lugar en el texto",
      confirmedYou: "Usted dijo que sigue yendo en su pasaje",
      movedYou: "Usted le dio otro lugar",
      lostYou: "Usted dijo que ya no tiene lugar en el texto",
      placedVersion: "En la versión {{n}}, el pasaje del que usted escribió dice otra cosa",
      movedVersion: "En la versión {{n}}, su pasaje está en otro lugar",
      lostVersion: "La versión {{n}} ya no tiene el pasaje del que usted escribió",
      lostHint: "Su comentario no se perdió: está en la lista de reparación del equipo instructor.",
    },
    before: "Entonces",
    after: "Ahora",
    readThere: "Leerlo en la versión {{n}}",
    readDraft: "Leerlo en el borrador",
  },

  errors: {
    choose: "Primero elija un párrafo.",
    someoneWasFirst: "Otra persona acaba de ubicarlo. Vea lo que eligió.",
    textMoved:
      "El texto volvió a cambiar mientras usted tenía abierta esta página. Mire otra vez y elija.",
  },
};
