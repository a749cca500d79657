export default {
  notFoundTitle: "We can't find that page",
  notFound:
    "It may have moved, or the address has a slip in it. Check it, or start from the front page.",
  unexpectedTitle: "Something went wrong on our side",
  unexpected: "Nothing was changed. Please try again in a moment.",
  forbidden: "Your role doesn't allow this. If you think it should, ask a steward.",
  conflict: "Somebody changed this while you had it open. Look at it again, then decide.",
  tooMany: "That was a lot in a short time. Wait a minute, then try again. What you typed is kept.",
  origin:
    "This form was sent from another site, so we didn't take it. Open the page here and send it again.",
  tooLarge: "That is more than we can take in one go.",
  diskFull:
    "This installation has no room left to keep anything, so nothing was saved. Copy what you typed, and tell whoever runs it.",
  backHome: "Go to the front page",
  summary: "Please look at these:",
  required: "Please fill this in.",
  tooLong: "That is too long. Please shorten it.",
};
