export default {
  name: "Groundwork",
  skip: "Skip to the text",
  optional: "(optional)",
  nav: {
    label: "Main",
    breadcrumb: "You are here",
    languages: "Language",
    receipt: "Find my receipt",
    work: "My work",
    people: "People",
    signIn: "Sign in",
  },
  footer: {
    promise: "You need no account to read or to speak. Every comment gets an answer.",
  },
  doc: {
    table: "Table",
    callout: { note: "Note", caution: "Caution", instructor: "For the instructor" },
    part: {
      intro: "Introduction",
      presentation: "Presentation",
      activity: "Activity",
      scenario: "Scenario",
      break: "Break",
      summary: "Summary",
      debrief: "Debrief",
    },
    minutes_one: "{{count}} minute",
    minutes_other: "{{count}} minutes",
    objective: {
      terminal: "Goal of the module",
      enabling: "Step on the way",
      condition: "Under which conditions",
      standard: "How well",
      assessed: "How it is checked",
    },
  },
};
