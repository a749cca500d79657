export default {
  title: "Comments that lost their place",
  titleShort: "Repair list",
  pageTitle: "Repair list ({{n}}) · {{curriculum}}",
  lead: "The text changed under these comments. Say where each belongs now. Whoever wrote it can do so too, from their receipt.",
  count_one: "{{count}} comment to place",
  count_other: "{{count}} comments to place",
  inModule: "Module",
  all: "All modules",
  empty: "Every open comment is in its place",
  emptyHint:
    "When the text changes so much that we can't tell where a comment belongs, it comes here.",
  emptyFilter: "No comment in this module needs a place.",
  showAll: "Show all modules",
  by: "{{name}} on {{date}}",
  open: "Read it with its replies",

  was: "What it was about",
  now: "What stands there now",
  status: {
    changed: "These words were rewritten.",
    ambiguous: "These words now stand in more than one place.",
    gone: "These words are no longer in the draft.",
  },
  candidates: "It may belong here",
  candidatesAmbiguous: "Which of these is it?",
  inSection: "In “{{section}}”",

  confirm: "It still belongs here",
  here: "It belongs here",
  hereIn: "It belongs here: “{{words}}”",
  move: "Move it…",
  lose: "It has no place any more",
  loseHint: "Then it is about the module as a whole.",

  done: {
    confirmed: "Done. It stays where you said.",
    moved: "Done. It has its new place.",
    lost: "Done. It is about the module as a whole now.",
  },

  giveBack: "Give it a place after all",

  fromDraft: "Say where they belong now",

  place: {
    title: "Where does it belong?",
    lead: "Choose a paragraph, then press “Put it here”.",
    leadWords: "To point at some words only, select them in the paragraph.",
    search: "Find a paragraph",
    searchHint: "Words that stand in it",
    find: "Find",
    clear: "Show all paragraphs",
    none: "No paragraph has all of these words.",
    paragraphs: "Paragraphs of the draft",
    likely: "Likely places",
    start: "At the beginning",
    submit: "Put it here",
    back: "Back without moving it",
    words: "Only these words",
    whole: "The whole paragraph instead",
  },

  receipt: {
    title: "Where your comment stands",
    doubt:
      "The text changed, and we can't tell for sure where your comment belongs. You can say so. A trainer can too.",
    noPlace: "It has no place in the text at the moment: it is about the module as a whole.",
    giveOne: "Give it a place",
    events: {
      confirmed: "{{who}} said that it still belongs to its passage",
      moved: "{{who}} gave it another place",
      lost: "{{who}} said that it has no place in the text any more",
      confirmedYou: "You said that it still belongs to its passage",
      movedYou: "You gave it another place",
      lostYou: "You said that it has no place in the text any more",
      placedVersion: "In version {{n}}, the passage you wrote about reads differently",
      movedVersion: "In version {{n}}, your passage stands in another place",
      lostVersion: "Version {{n}} no longer has the passage you wrote about",
      lostHint: "Your comment isn't lost: it is on the trainers' repair list.",
    },
    before: "Then",
    after: "Now",
    readThere: "Read it in version {{n}}",
    readDraft: "Read it in the draft",
  },

  errors: {
    choose: "Choose a paragraph first.",
    decided: "It was decided on meanwhile. Its place stays as it is.",
    someoneWasFirst: "Somebody else has just settled this one. Look at what they chose.",
    textMoved: "The text changed again while you had this page open. Look once more, then choose.",
  },
};
