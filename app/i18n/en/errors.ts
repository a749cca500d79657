export default {
  title: {
    signIn: "Please sign in first",
    forbidden: "You can't open this page",
    notFound: "We can't find that page",
    conflict: "This has changed in the meantime",
    gone: "This is no longer here",
    tooLarge: "That is too large",
    tooMany: "Please wait a minute",
    refused: "We couldn't take that",
    unexpected: "Something went wrong on our side",
    diskFull: "There is no room left to save",
  },
  signIn: "This page is for people who have an account here. You can read and comment without one.",
  notFound:
    "It may have moved, or the address has a slip in it. Check it, or start from the front page.",
  unexpected: "It wasn't you. Please try again in a moment. We have noted what happened.",
  refused: "Go back one page, check what you sent, and try again.",
  gone: "It was here once. It has been used, moved or taken back.",
  forbidden: "Your role doesn't allow this. If you think it should, ask a steward.",
  conflict: "Somebody changed this while you had it open. Look at it again, then decide.",
  tooMany: "That was a lot in a short time. Wait a minute, then try again. What you typed is kept.",
  origin:
    "This form was sent from another site, so we didn't take it. Open the page here and send it again.",
  tooLarge: "That is more than we can take in one go. Send it in smaller parts.",
  diskFull:
    "This installation has no room left to keep anything, so nothing was saved. Copy what you typed, and tell whoever runs it.",
  backHome: "Go to the front page",
  openAgain: "Open it again",
  tryAgain: "Try again",
  summary: "Please look at these:",
  required: "Please fill this in.",
  tooLong: "That is too long. Please shorten it.",
};
