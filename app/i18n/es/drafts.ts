export default {
  none: "Este módulo todavía no tiene un borrador.",
  notDocx:
    "No podemos leer esto como un archivo de Word. Ábralo en su procesador de textos, guárdelo como .docx e inténtelo otra vez.",
  tooMuchInside:
    "Este archivo contiene más de lo que podemos recibir: necesitaría demasiado tiempo o memoria. Divídalo, o guarde su texto en un archivo nuevo.",
  notText:
    "Esto no es un archivo de Word, Markdown ni una página web. Guarde el texto en uno de esos formatos e inténtelo otra vez.",
  empty: "En este archivo no hay texto.",
  tooLong: "Este texto es demasiado largo para un solo módulo. Divídalo en varios archivos.",
  notSound:
    "Este archivo está hecho de una manera que no podemos seguir. Copie su texto en un archivo nuevo e inténtelo otra vez.",
  noFile: "Elija un archivo.",
  exists:
    "Este módulo ya tiene un borrador en ese idioma. Abra la página de importar para agregarle texto o reemplazarlo.",
  confirmReplace: "Para reemplazar el texto, confírmelo con la casilla de abajo.",

  import: {
    title: "Importar un archivo",
    lead: "Se pueden leer archivos de Word (.docx), Markdown y páginas web. Se conservan los títulos, las listas, las tablas, los enlaces y el énfasis. Al final verá qué no se pudo conservar.",
    file: "Archivo",
    fileHint: "Como máximo, 20 MB.",
    where: "Adónde va",
    newModule: "Un módulo nuevo",
    newModuleHint: "Su título es el primer título del archivo, si usted no escribe otro.",
    title2: "Título",
    titleHint: "Para un módulo nuevo. Déjelo vacío para usar el primer título del archivo.",
    language: "Idioma del archivo",
    mode: "Si ese borrador ya tiene texto",
    append: "Agregar el archivo al final",
    replace: "Reemplazar el texto por el archivo",
    replaceHint:
      "Los párrafos que sean iguales conservan sus comentarios. Los demás comentarios dirán que su pasaje ya no está.",
    confirm: "Sí, reemplazar el texto que hay ahora.",
    send: "Importarlo",
    doneTitle: "El archivo ya está",
    doneNew: "«{{title}}» es ahora un módulo nuevo.",
    doneInto: "El texto está en el borrador de «{{title}}».",
    allKept: "Se conservó todo lo que contenía.",
    notKeptTitle: "Lo que no se pudo conservar",
    read: "Leer el borrador",
    edit: "Editar el borrador",
    another: "Importar otro archivo",
  },
};
