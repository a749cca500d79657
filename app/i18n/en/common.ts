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
};
