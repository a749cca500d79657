import type { DemoChange, Language, ModuleSlug, PersonKey } from "./community.ts";

export type DemoModeration = {
  day: number;
  by: PersonKey;
  action: "approve" | "hold" | "return" | "reject";
  code?:
    | "personal_data"
    | "threat"
    | "off_topic"
    | "duplicate"
    | "unclear"
    | "not_input"
    | "hateful"
    | "other";
  /** What everyone may read about it. */
  reason?: string;
};

export type DemoInput = {
  key: string;
  round: 1 | 2 | 3;
  /** Null for the whole curriculum. */
  module: ModuleSlug | null;
  /** The draft that it points into; the English one when absent. */
  draft?: Language;
  kind: "comment" | "suggestion" | "question" | "story" | "reply";
  /** The input that a reply answers. */
  parent?: string;
  language: Language;
  channel: "web" | "session" | "card" | "phone" | "email";
  /** The chosen name; null for none. */
  name: string | null;
  /** Whose account it came from; nobody's when absent. */
  by?: PersonKey;
  body: string;
  /** Exact words of the text, or the first words of a paragraph (without emphasis marks). */
  anchor?: { quote: string } | { paragraph: string };
  /** What a suggestion proposes; `body` says why. */
  change?: { find: string; replace: string };
  day: number;
  supports: number;
  /** Oldest first; empty while it waits. */
  moderation: DemoModeration[];
};

export type DemoDecision = {
  /** The inputs that it answers, the first one leading. */
  inputs: string[];
  outcome:
    | "adopted"
    | "partly_adopted"
    | "already_covered"
    | "declined"
    | "out_of_scope"
    | "referred";
  reason: string;
  /** How the text changed. Absent for an adopted suggestion: its own change stands. */
  change?: DemoChange;
  day: number;
  by: PersonKey;
};

const M1 = "understanding-a-person-in-crisis";
const M2 = "time-distance-and-words";
const M3 = "responding-together";
const M4 = "after-the-call";

const approved = (day: number, by: PersonKey): DemoModeration[] => [{ day, by, action: "approve" }];

export const inputs: DemoInput[] = [
  // The first reading
  {
    key: "mother-listening",
    round: 1,
    module: M1,
    kind: "story",
    language: "en",
    channel: "web",
    name: "Gloria T.",
    by: "gloria",
    body: "My son has schizophrenia. He is 31 and he makes the best tamales in this family. Four years ago he was in our driveway at 5 in the morning in his socks, answering people I could not hear. I called 911 because I was scared for him, not of him.\n\nTwo officers came. The first one kept saying new things. Sir what's your name. Sir look at me. Sir have you taken anything. Each time he had almost got the question through all that noise, there was another one. The second officer, a young woman, put her hand on her partner's sleeve and then said one thing. \"Daniel, I'm Kate. I'm going to sit on this step.\" And she sat. And waited. Then she said the same words again. It took maybe four minutes and he sat down too.\n\nHe told me later he heard her the first time but there was a line. She was in line behind the others, he said.\n\nSo it isn't that they are not listening. They are listening to everybody. Please teach that. And please, ask the mother before anybody takes out handcuffs.",
    anchor: { paragraph: "A person who hears voices may seem" },
    day: 214,
    supports: 31,
    moderation: approved(213, "asha"),
  },
  {
    key: "person-first",
    round: 1,
    module: M1,
    kind: "suggestion",
    language: "en",
    channel: "web",
    name: "Denise, peer supporter",
    body: '"A mentally ill person" makes the illness the whole person, and you say in the heading two lines up that it\'s not a kind of person. Also "may never be in crisis" isn\'t quite it. I\'ve had bipolar for 20 years and two crises. Most of my life is bus passes and laundry.',
    change: {
      find: "A mentally ill person may never be in crisis",
      replace: "A person who lives with a mental illness may go for years without a crisis",
    },
    day: 211,
    supports: 22,
    moderation: approved(210, "tomas"),
  },
  {
    key: "calm-down",
    round: 1,
    module: M2,
    kind: "suggestion",
    language: "en",
    channel: "web",
    name: "Patrol officer, 14 years",
    body: "Agree with this line but it only tells me what not to say. At 3 am I need the other sentence ready in my mouth or the old one comes out. This is the one I use.",
    change: {
      find: "It has calmed very few of them.",
      replace:
        "It has calmed very few of them. Say what you want to happen instead: “Take your time. I’m not going anywhere.”",
    },
    day: 209,
    supports: 17,
    moderation: approved(208, "asha"),
  },
  {
    key: "calm-down-nurse",
    round: 1,
    module: M2,
    kind: "reply",
    parent: "calm-down",
    language: "en",
    channel: "web",
    name: null,
    body: "Psych nurse here. We say \"I've got time\" and then we actually have to have it. It only works if you don't look at your watch.",
    day: 206,
    supports: 8,
    moderation: approved(205, "asha"),
  },
  {
    key: "es-que-le-pasa",
    round: 1,
    module: M2,
    draft: "es",
    kind: "suggestion",
    language: "es",
    channel: "web",
    name: "Maestra jubilada",
    body: "Entiendo la intención, pero en mi casa «¿qué le pasa?» se dice cuando una está enojada con alguien. Según el tono suena a reclamo, casi igual que la frase que quieren evitar. Con «le está pasando» ya se entiende que el problema es lo que sucede y no la persona.",
    change: { find: "¿Qué le pasa?", replace: "¿Qué le está pasando ahora?" },
    day: 207,
    supports: 9,
    moderation: approved(206, "tomas"),
  },
  {
    key: "own-homework",
    round: 1,
    module: M4,
    kind: "comment",
    language: "en",
    channel: "web",
    name: null,
    body: "So you're going to teach a sergeant to be NICE about it. Great. This is bullshit and everybody on the east side knows it. \"Not part of the department\", ok, so who appoints them? Who pays them? Who do they send the file back to? You can't grade your own damn homework and then teach a class about how well you take criticism. Say who decides, by name of the office, or take the sentence out.",
    anchor: {
      quote:
        "with the Office of Police Oversight at city hall, which is not part of the department",
    },
    day: 205,
    supports: 41,
    moderation: [
      {
        day: 205,
        by: "tomas",
        action: "hold",
        code: "other",
        reason: "Held for a second moderator to read.",
      },
      {
        day: 204,
        by: "asha",
        action: "approve",
        reason:
          "Strong words about the police are welcome here. There is no threat in it and nobody's private details.",
      },
    ],
  },
  {
    key: "own-homework-board",
    round: 1,
    module: M4,
    kind: "reply",
    parent: "own-homework",
    language: "en",
    channel: "web",
    name: "Alice Kimura, Community Police Board",
    by: "alice",
    body: "A fair question, and I would rather answer it than take the sentence out. The oversight office is set up by city ordinance and its director is appointed by the council. The file does go back to the chief for discipline. The board has asked the council twice to change that. Our meetings are open, first Tuesday of the month at the library, and this will be on the agenda.",
    day: 201,
    supports: 13,
    moderation: approved(200, "tomas"),
  },
  {
    key: "clinicians-first",
    round: 1,
    module: null,
    kind: "comment",
    language: "en",
    channel: "web",
    name: "Priscilla on Ninth",
    body: "Don't train cops to be social workers. Send social workers. A person in a mental health crisis needs a clinician at the door, not a badge. Move the money to the mobile crisis team so it runs 24/7.",
    day: 203,
    supports: 38,
    moderation: approved(202, "asha"),
  },
  {
    key: "clinicians-first-copy",
    round: 1,
    module: null,
    kind: "comment",
    language: "en",
    channel: "web",
    name: null,
    body: "Don't train cops to be social workers, send social workers! A person in a mental health crisis needs a clinician at the door not a badge. Move the money to the mobile crisis team so it runs 24/7. I am a voter in Ward 3.",
    day: 202,
    supports: 6,
    moderation: approved(201, "asha"),
  },
  {
    key: "lip-reading",
    round: 1,
    module: M3,
    kind: "comment",
    language: "en",
    channel: "web",
    name: "Hollis",
    by: "hollis",
    body: "I'm Deaf, fifty-eight years, lived here since the mill closed. When I tell an officer I can't hear, nine of ten say \"can you read lips?\" and when I wobble my hand they hear YES. Try it on mute with the TV tonight. With a mustache. At night. With a flashlight behind him.\n\nYour own source at the bottom says about a third of the words. That belongs up here in the text and not in the footnotes. If I choose to lip-read, fine, I'll tell you. Then check what I got.",
    anchor: {
      quote:
        "If the person reads lips, face them, keep your hands away from your mouth and speak at a normal pace.",
    },
    day: 200,
    supports: 19,
    moderation: approved(199, "tomas"),
  },
  {
    key: "night-team",
    round: 1,
    module: M3,
    kind: "question",
    language: "en",
    channel: "phone",
    name: "Mr. Abel",
    body: "How would the officer even know if the crisis team is working that night? My sister's call was on a Sunday and nobody seemed to know.",
    anchor: { quote: "Is a clinician on duty, and how far away?" },
    day: 199,
    supports: 4,
    moderation: approved(198, "asha"),
  },
  {
    key: "card-watching",
    round: 1,
    module: M2,
    kind: "comment",
    language: "en",
    channel: "card",
    name: null,
    body: "35 min for this scenario is not enough. I came as community observer to the try-out and 16 people never got a turn. Give it 90.",
    anchor: { paragraph: "Setting. A Sunday evening in October." },
    day: 198,
    supports: 5,
    moderation: approved(197, "tomas"),
  },
  {
    key: "html-check",
    round: 1,
    module: M2,
    kind: "comment",
    language: "en",
    channel: "web",
    name: "Ben (I break websites)",
    body: "<h1>HELLO</h1><script>alert('did this run?')</script> Sorry, had to check, my last comment to the city ended up as a popup. <b>Real point:</b> the first sentence should include the badge number. A name alone is no use to me when there are three officers called Mike.",
    anchor: {
      quote: "Say your name, say that you are with the police, and say why you came.",
    },
    day: 197,
    supports: 7,
    moderation: approved(196, "asha"),
  },
  {
    key: "potholes",
    round: 1,
    module: null,
    kind: "comment",
    language: "en",
    channel: "web",
    name: "Tired driver",
    body: "Before you spend money on classes fix the potholes on Mill Street between 4th and 7th. I have replaced two tires this year.",
    day: 196,
    supports: 0,
    moderation: [
      {
        day: 195,
        by: "tomas",
        action: "reject",
        code: "off_topic",
        reason:
          "This is about street repair and not about the training. Please report it to the city's 311 line, which keeps a list of repairs.",
      },
    ],
  },
  {
    key: "veteran-radio",
    round: 1,
    module: M2,
    kind: "comment",
    language: "en",
    channel: "session",
    name: "Marcus from Mill Street",
    by: "marcus",
    body: "Army, two tours. Siren is one thing. What got me was the radio. Every few seconds a burst of static and a voice yelling numbers, right by my head. I couldn't think. So kill the siren AND the radio, and while you're at it park the cars out of sight and leave the uniform shirts in them.",
    anchor: {
      quote: "Turn off the siren and the flashing lights as soon as it is safe to do so.",
    },
    day: 195,
    supports: 15,
    moderation: approved(194, "asha"),
  },
  {
    key: "peer-support-secret",
    round: 1,
    module: M4,
    kind: "comment",
    language: "en",
    channel: "email",
    name: null,
    body: 'I work here so no name. "Talk to someone early" is good advice nobody will follow, because the first thing everyone asks is who finds out. If my sergeant can learn that I went, I\'m not going, and neither is the guy next to me. Say in black and white who is told. And put a counselor on the list from outside the city, because this is a small town.',
    anchor: { quote: "Talk to someone early." },
    day: 194,
    supports: 12,
    moderation: approved(193, "tomas"),
  },
  {
    key: "neighbor-details",
    round: 1,
    module: M1,
    kind: "story",
    language: "en",
    channel: "web",
    name: null,
    body: "The man this should be about is Gary in apartment 3 at 418 Linden, his number is 555-0142, he is off his lithium again and the police have been there I think six times this year. Somebody needs to read this module out loud to whoever goes there next.",
    day: 193,
    supports: 0,
    moderation: [
      {
        day: 192,
        by: "asha",
        action: "return",
        code: "personal_data",
        reason:
          "It names a neighbor, his address, his phone number and his health. Please send it again without those: the point about repeated calls to one home is welcome.",
      },
    ],
  },

  // The second reading
  {
    key: "on-their-side",
    round: 2,
    module: M2,
    kind: "suggestion",
    language: "en",
    channel: "web",
    name: "ER nurse, St. Brendan's",
    body: '"Watch the breathing" is what people say right before they don\'t. You list a bulletin from 1995 at the bottom of this page that is about exactly this, and the paragraph leaves out its main advice: get them off their stomach. Thirty years. Please put it in the sentence.',
    change: {
      find: "Watch the person’s breathing and keep talking to them.",
      replace:
        "Roll the person onto their side or sit them up at once. Watch their breathing, keep talking to them, and call medics for any change.",
    },
    day: 117,
    supports: 29,
    moderation: approved(116, "asha"),
  },
  {
    key: "label-in-reports",
    round: 2,
    module: M4,
    kind: "comment",
    language: "en",
    channel: "web",
    name: "Fire department paramedic",
    body: 'This is the right place for one more warning. I still see "excited delirium" typed into reports. The AMA came out against using it as a diagnosis in 2021. It isn\'t yours to diagnose anyway. Write what you saw: how hot he was, how he was breathing, what he said, what time you called us.',
    anchor: {
      quote: "Write what you saw and heard before you write what you made of it.",
    },
    day: 115,
    supports: 18,
    moderation: approved(114, "tomas"),
  },
  {
    key: "stimming",
    round: 2,
    module: M1,
    kind: "suggestion",
    language: "en",
    channel: "email",
    name: "Jaime, autistic, 26",
    body: 'It has a name, use it. And "not a threat" is still written from your side of it. The instruction we need is: don\'t stop us. When somebody grabs my hands to make me "stop doing that" it goes from manageable to very not.',
    change: {
      find: "These movements are not a threat.",
      replace: "These movements are called stimming. Never stop them.",
    },
    day: 112,
    supports: 14,
    moderation: approved(111, "asha"),
  },
  {
    key: "ninos-interpretes",
    round: 2,
    module: M3,
    kind: "comment",
    language: "es",
    channel: "session",
    name: "Rosa M.",
    body: "Cuando la policía vino por lo de mi cuñado, mi hija de once años le tradujo al oficial palabra por palabra lo que él gritaba. Todavía se acuerda. «Eviten» me parece muy poco. Con los niños tiene que decir que no, y punto. Solo si alguien se está muriendo y no contesta nadie.",
    anchor: { quote: "Avoid using relatives as interpreters." },
    day: 109,
    supports: 16,
    moderation: approved(108, "tomas"),
  },
  {
    key: "ten-minute-rule",
    round: 2,
    module: M2,
    kind: "suggestion",
    language: "en",
    channel: "card",
    name: null,
    body: "If it's not a number it's not a rule. Everybody thinks they waited long enough.",
    change: {
      find: "A supervisor’s question about how long a call is taking is answered with “as long as it needs.”",
      replace: "Officers wait at least ten minutes before they touch anyone.",
    },
    day: 108,
    supports: 20,
    moderation: approved(107, "asha"),
  },
  {
    key: "kitchen-knife",
    round: 2,
    module: M2,
    kind: "question",
    language: "en",
    channel: "web",
    name: "Night shift",
    body: "Serious question from someone who took the first class. Guy in a kitchen with a knife, not pointing it at anybody, wife still inside. Which half of this page am I in? Everything up to here says slow down and then there's one box that says the opposite.",
    anchor: { quote: "moving back can be the fastest way to make a scene safer" },
    day: 107,
    supports: 10,
    moderation: approved(106, "tomas"),
  },
  {
    key: "kitchen-knife-reply",
    round: 2,
    module: M2,
    kind: "reply",
    parent: "kitchen-knife",
    language: "en",
    channel: "web",
    name: "Night shift's wife",
    body: "Asking for the rest of us at home: thank you for asking it out loud.",
    day: 105,
    supports: 9,
    moderation: approved(104, "tomas"),
  },
  {
    key: "belongings",
    round: 2,
    module: M3,
    kind: "comment",
    language: "en",
    channel: "web",
    name: "Street outreach volunteer",
    body: "What gets lost at hand-over is the dog. And the backpack with the ID, the phone, the meds and the housing letter. Then the person comes out of the hospital two days later and we start from zero, or they refuse to go in the first place because nobody will say what happens to the dog. Ask about those out loud. Police should also have to store the bag.",
    anchor: { quote: "children, people who need to be told" },
    day: 104,
    supports: 18,
    moderation: approved(103, "asha"),
  },
  {
    key: "complainant",
    round: 2,
    module: M4,
    kind: "suggestion",
    language: "en",
    channel: "web",
    name: null,
    body: "She has a name on every line of this scenario until she's called \"the complainant\". Also two paragraphs earlier it says she doesn't want to make a complaint.",
    change: {
      find: "What did the complainant get from the meeting",
      replace: "What did Mrs. Adeyemi get from the meeting",
    },
    day: 102,
    supports: 5,
    moderation: approved(101, "tomas"),
  },
  {
    key: "shoved-brother",
    round: 2,
    module: M4,
    kind: "story",
    language: "en",
    channel: "web",
    name: null,
    body: "You want stories. Last month an officer shoved my brother into a fence on Canal Street after he was already sitting down with his hands out. I have it on my phone. The officer told me to stop filming or I'd be next. I know which car it was. I would like somebody to look at this who doesn't work with him.",
    day: 101,
    supports: 0,
    moderation: [
      {
        day: 100,
        by: "asha",
        action: "hold",
        code: "not_input",
        reason:
          "This sounds like a complaint about what an officer did, and it deserves more than a comment box. The Office of Police Oversight at city hall takes complaints in person, by phone or in writing, also without a name. We keep this out of public view unless its author asks us to show it.",
      },
    ],
  },
  {
    key: "next-day-call",
    round: 2,
    module: M4,
    kind: "story",
    language: "en",
    channel: "session",
    name: null,
    body: "I was the person in one of these calls. It went fine, if you asked them. They were kind and I went with them. Then I got home and there was nothing. No card, no call. I lay there thinking they had a good laugh about it. A week is the longest time there is, after. Call the next day. Doesn't have to be a big talk. Just so I know I was a person to somebody.",
    anchor: { quote: "calls within a week" },
    day: 99,
    supports: 24,
    moderation: approved(98, "asha"),
  },
  {
    key: "next-day-call-reply",
    round: 2,
    module: M4,
    kind: "reply",
    parent: "next-day-call",
    language: "en",
    channel: "web",
    name: "Keisha",
    body: "You were a person to somebody. Thank you for writing this. Same here, by the way, two years ago in March.",
    day: 96,
    supports: 21,
    moderation: approved(95, "tomas"),
  },
  {
    key: "llamar-988",
    round: 2,
    module: M3,
    kind: "question",
    language: "es",
    channel: "phone",
    name: "Doña Elvira",
    body: "Si yo llamo al 988 por mi nieto, ¿me van a mandar a la policía a la casa? Por eso mucha gente de la iglesia no llama.",
    anchor: { quote: "so 988 can be the beginning of a call to you" },
    day: 98,
    supports: 7,
    moderation: approved(97, "tomas"),
  },
  {
    key: "publish-the-test",
    round: 2,
    module: null,
    kind: "comment",
    language: "en",
    channel: "email",
    name: "Civics group, Carver Library",
    body: "We read all four modules in two evenings, with cookies. Our group's main request: publish the test that officers take before and after, with the answers, so residents can judge whether it is a real test or a formality.",
    day: 97,
    supports: 11,
    moderation: approved(96, "asha"),
  },
  {
    key: "we-know-where",
    round: 2,
    module: null,
    kind: "comment",
    language: "en",
    channel: "web",
    name: null,
    body: "That one who came to our block in the grey truck better watch his back. We know where he parks and what time he gets off.",
    day: 96,
    supports: 0,
    moderation: [
      {
        day: 96,
        by: "tomas",
        action: "reject",
        code: "threat",
        reason:
          "It threatens a person. Anger at the police may be said here in any words; a threat may not.",
      },
    ],
  },
  {
    key: "traffic-stops",
    round: 2,
    module: null,
    kind: "comment",
    language: "en",
    channel: "card",
    name: null,
    body: "Need one of these for traffic stops. Thats where most of us meet you.",
    day: 94,
    supports: 26,
    moderation: approved(93, "asha"),
  },
  {
    key: "too-long",
    round: 2,
    module: M2,
    kind: "comment",
    language: "en",
    channel: "card",
    name: "Retired teacher",
    body: "Far too many words. Nobody remembers a page. Cut this module to one card that fits in a shirt pocket.",
    day: 93,
    supports: 3,
    moderation: approved(92, "tomas"),
  },

  // The third reading, open now
  {
    key: "waiting-longer",
    round: 3,
    module: M2,
    kind: "suggestion",
    language: "en",
    channel: "web",
    name: "Refugee center, front desk",
    body: "Ten seconds is about how long it takes me to get the question into Dari, the answer into English, and the courage to say it. Please give a longer count for anyone who is translating or signing.",
    change: {
      find: "Count to ten in your head after each question before you say anything else.",
      replace:
        "Count to ten in your head after each question, and to twenty if the person is translating or signing, before you speak again.",
    },
    day: 10,
    supports: 13,
    moderation: approved(9, "asha"),
  },
  {
    key: "way-out",
    round: 3,
    module: M2,
    kind: "comment",
    language: "en",
    channel: "web",
    name: "FTO, day shift",
    body: "I teach rookies the opposite about doors in some houses: if the way out leads to the kids' room, I am standing in it. Not arguing with the idea, people do panic when they're boxed in. But as written, a rookie will read it as never block a door, and somebody will get hurt. Can it say which way out?",
    anchor: { quote: "Do not stand between the person and the way out" },
    day: 11,
    supports: 12,
    moderation: approved(10, "tomas"),
  },
  {
    key: "way-out-reply",
    round: 3,
    module: M2,
    kind: "reply",
    parent: "way-out",
    language: "en",
    channel: "web",
    name: "Gloria T.",
    by: "gloria",
    body: "As the mother in the hallway I agree with you, and I would like it to say that too. Between him and the street, leave room. Between him and the little ones, stand there. I did.",
    day: 8,
    supports: 10,
    moderation: approved(7, "asha"),
  },
  {
    key: "es-para-sus-adentros",
    round: 3,
    module: M2,
    draft: "es",
    kind: "suggestion",
    language: "es",
    channel: "web",
    name: null,
    body: "«Para sus adentros» es bonito pero mi papá, que estudió hasta cuarto, no lo entendió. «En silencio» lo entiende todo el mundo.",
    change: {
      find: "cuente hasta diez para sus adentros",
      replace: "cuente hasta diez en silencio",
    },
    day: 9,
    supports: 4,
    moderation: approved(8, "tomas"),
  },
  {
    key: "winter-nights",
    round: 3,
    module: M3,
    kind: "comment",
    language: "en",
    channel: "email",
    name: "Night nurse",
    body: '"Not on the road at every hour" is doing a lot of work here. Midnight to six is when people run out. If there is no team then, the module should at least teach what to do instead at that hour, step by step, because right now it teaches the version with a team and shrugs at the rest.',
    anchor: { quote: "they are not on the road at every hour" },
    day: 8,
    supports: 16,
    moderation: approved(7, "tomas"),
  },
  {
    key: "porch-light",
    round: 3,
    module: M4,
    kind: "story",
    language: "en",
    channel: "session",
    name: "Walt's wife",
    body: "We have a porch and a husband like that. I asked the officer to call him Coach, because he coached for thirty years and it's the only name he always answers to. The officer did it the whole time, even on the radio. \"Coach and I are going to sit a minute.\" I'd put that in. What to call somebody is the cheapest thing you can get right.",
    anchor: { paragraph: "My husband has dementia." },
    day: 7,
    supports: 19,
    moderation: approved(6, "asha"),
  },
  {
    key: "porch-light-reply",
    round: 3,
    module: M4,
    kind: "reply",
    parent: "porch-light",
    language: "en",
    channel: "web",
    name: "Dana Whitlock, training unit",
    by: "dana",
    body: "I read this to the other instructors this morning. One question back, if you like to answer: would you have wanted the dispatcher to ask you for that name before we got there?",
    day: 5,
    supports: 6,
    moderation: approved(4, "tomas"),
  },
  {
    key: "order-lunch",
    round: 3,
    module: M3,
    kind: "suggestion",
    language: "en",
    channel: "web",
    name: "Bilingual 911 call-taker",
    body: "The joke about lunch lands on the officers who are trying hardest. I want them to keep using their Spanish. I also want them to stop before the legal part.",
    change: {
      find: "Being able to order lunch is not the same as being able to explain a hospital hold.",
      replace: "Being able to chat is not the same as being able to explain a hospital hold.",
    },
    day: 10,
    supports: 8,
    moderation: approved(9, "tomas"),
  },
  {
    key: "observer-counts-double",
    round: 3,
    module: M2,
    kind: "comment",
    language: "en",
    channel: "card",
    name: null,
    body: "The community observer's score should count double. You've got the department grading itself otherwise.",
    day: 9,
    supports: 9,
    moderation: approved(8, "asha"),
  },
  {
    key: "dispatch-debrief",
    round: 3,
    module: M4,
    kind: "question",
    language: "en",
    channel: "web",
    name: null,
    body: "Are call-takers ever in these debriefs? I hear the worst two minutes of a person's life and then the line goes dead and I take the next one.",
    anchor: { paragraph: "Hold it the same shift" },
    day: 8,
    supports: 14,
    moderation: approved(7, "asha"),
  },
  {
    key: "same-as-last-time",
    round: 3,
    module: M2,
    kind: "comment",
    language: "en",
    channel: "card",
    name: null,
    body: "same as what I said last time about page 2",
    day: 6,
    supports: 0,
    moderation: [
      {
        day: 5,
        by: "asha",
        action: "return",
        code: "unclear",
        reason:
          "We could not find out which earlier card this refers to. Please say it once more in a sentence or two, or give the receipt of the earlier one.",
      },
    ],
  },
  {
    key: "winter-nights-again",
    round: 3,
    module: M3,
    kind: "comment",
    language: "en",
    channel: "web",
    name: null,
    body: '"Not on the road at every hour" is doing a lot of work here. Midnight to six is when people run out. (sent from my phone, not sure the e-mail went through)',
    day: 5,
    supports: 0,
    moderation: [
      {
        day: 4,
        by: "tomas",
        action: "reject",
        code: "duplicate",
        reason:
          "The e-mail did arrive and is shown on this module in full. This second copy would count the same voice twice.",
      },
    ],
  },
  {
    key: "brother-in-law",
    round: 3,
    module: M3,
    kind: "comment",
    language: "en",
    channel: "web",
    name: null,
    body: "The crisis team clinician with the red glasses, she lives two doors from us on Harbor Court, is wonderful with my brother-in-law Steve, who gets his shot at the county clinic every second Monday. Can she teach the class?",
    day: 4,
    supports: 0,
    moderation: [
      {
        day: 3,
        by: "tomas",
        action: "hold",
        code: "personal_data",
        reason:
          "It says where one person lives and what treatment another receives. Held until we have asked whether it may be shown without those details.",
      },
    ],
  },
  {
    key: "who-are-the-two",
    round: 3,
    module: M4,
    kind: "question",
    language: "en",
    channel: "card",
    name: "Pastor's wife, Zion Street",
    body: "Who picks the two residents that read the complaints? Is it always the same two? Can a person who made one be asked?",
    anchor: {
      quote: "the training unit, the oversight office and two residents read all complaints",
    },
    day: 2,
    supports: 0,
    moderation: [],
  },
  {
    key: "phones-below",
    round: 3,
    module: M2,
    kind: "comment",
    language: "en",
    channel: "web",
    name: null,
    body: "I was one of the phones once. Not on that deck but same thing. Nobody told us anything, and honestly I filmed because I was afraid of what would happen to her if nobody did. If an officer had come over and said \"we've got someone talking with her, you can film from behind the bus stop, please don't shout\" I'd have gone. Treating us like the problem made everyone louder.",
    anchor: { quote: "Two people on the street below hold up phones." },
    day: 1,
    supports: 0,
    moderation: [],
  },
  {
    key: "help-or-hazard",
    round: 3,
    module: M3,
    kind: "suggestion",
    language: "en",
    channel: "web",
    name: "Thursday family group",
    body: '"A hazard" stopped our whole table on Thursday. Eleven families, all of whom have called 911 for someone they love, and that is the first thing the page says about us. The sentences after it are good and fair. Just open the door differently.',
    change: {
      find: "Family members can be a help or a hazard.",
      replace: "Family members are often the people who called you, and the people who stay.",
    },
    day: 1,
    supports: 0,
    moderation: [],
  },
  {
    key: "es-matarse",
    round: 3,
    module: M2,
    draft: "es",
    kind: "comment",
    language: "es",
    channel: "web",
    name: "Promotora de salud",
    body: "Entiendo que hay que preguntar directo y estoy de acuerdo. Pero «matarse» a mucha gente mayor le cae como un golpe. En la clínica preguntamos: «¿Ha pensado en quitarse la vida?». Es igual de claro. ¿Se podrían poner las dos?",
    anchor: { quote: "¿Está pensando en matarse?" },
    day: 1,
    supports: 0,
    moderation: [],
  },
];

export const decisions: DemoDecision[] = [
  {
    inputs: ["es-que-le-pasa"],
    outcome: "adopted",
    reason:
      "Tiene razón: el tono lo cambia todo, y en una escena tensa nadie controla bien el tono. La frase que usted propone se refiere a lo que sucede y no a la persona. Gracias.",
    day: 189,
    by: "luis",
  },
  {
    inputs: ["mother-listening"],
    outcome: "partly_adopted",
    reason:
      "Thank you for this, and please thank Daniel for the line. The paragraph no longer says that a person seems not to be listening; it says what you taught us and what Kate did. We did not write that officers must ask the family before using handcuffs, because there are moments when they can't. Asking the family what has helped before is in the module on responding together.",
    change: {
      module: M1,
      draft: "en",
      find: "A person who hears voices may seem not to be listening to you.",
      replace:
        "A person who hears voices may be listening to you and to the voices at the same time, and your words may have to wait in line. Say one short sentence, wait, and then say it again in the same words.",
    },
    day: 190,
    by: "luis",
  },
  {
    inputs: ["person-first"],
    outcome: "adopted",
    reason:
      "Adopted as written. The old words contradicted our own heading, and yours are truer about how most of life goes.",
    day: 188,
    by: "dana",
  },
  {
    inputs: ["calm-down"],
    outcome: "adopted",
    reason:
      "Adopted as written. A module on words should hand over the words. We will also use the remark about not looking at your watch when we teach it.",
    day: 187,
    by: "dana",
  },
  {
    inputs: ["lip-reading"],
    outcome: "adopted",
    reason:
      "You are right that the fact which should change what an officer does was hidden in the list of sources. The text now starts from there, leaves the choice to the Deaf person, and tells the officer to check. We tried it with the television on mute. Point taken.",
    change: {
      module: M3,
      draft: "en",
      find: "If the person reads lips, face them, keep your hands away from your mouth and speak at a normal pace.",
      replace:
        "Do not count on lip-reading: on average only about one third of spoken words can be understood that way. If the person chooses it, face them, keep your hands away from your mouth, speak at a normal pace, and check what has been understood.",
    },
    day: 186,
    by: "dana",
  },
  {
    inputs: ["veteran-radio"],
    outcome: "partly_adopted",
    reason:
      "The radio was missing, and it is in everyone's power to turn it down: it is now in the text. We did not adopt parking out of sight or taking off uniform shirts as a rule. Officers must be recognizable when they act as police, and a car that is near can carry someone to help. Where to stop it is now part of the plan that partners make on the way.",
    change: {
      module: M2,
      draft: "en",
      find: "Turn off the siren and the flashing lights as soon as it is safe to do so.",
      replace:
        "Turn off the siren and the flashing lights as soon as it is safe to do so, and turn the radio down or use an earpiece.",
    },
    day: 185,
    by: "dana",
  },
  {
    inputs: ["peer-support-secret"],
    outcome: "partly_adopted",
    reason:
      "The text now says who is told: nobody in your chain of command. We checked the sentence with the city's lawyer, which is why it names the exception. A counselor from outside the city would need a contract that the training unit can't sign, so we sent that request to human resources with the number of supports it had here.",
    change: {
      module: M4,
      draft: "en",
      find: "The department has trained peer supporters and a counselor who is paid by the city and does not report to the chief.",
      replace:
        "The department has trained peer supporters, and a counselor who is paid by the city and does not report to the chief. What you tell them stays with them, except where the law says that it cannot, and nobody tells your supervisor that you came.",
    },
    day: 184,
    by: "luis",
  },
  {
    inputs: ["night-team"],
    outcome: "already_covered",
    reason:
      "The section on dispatch says that officers ask this on the way, and that dispatch tells them on every behavioral health call. Your sister's Sunday is the reason it is there twice. If it happens again, please ask for the shift supervisor: it should not.",
    day: 183,
    by: "dana",
  },
  {
    inputs: ["own-homework"],
    outcome: "referred",
    reason:
      "The text stays for now because it is correct: the office is not part of the department. Your real question is who appoints it and who has the last word. The city council sets that by ordinance, and a training course cannot. We sent your comment, with its supports, to the Community Police Board, which has put it on its agenda.",
    day: 182,
    by: "luis",
  },
  {
    inputs: ["clinicians-first", "clinicians-first-copy"],
    outcome: "out_of_scope",
    reason:
      "Who is sent to a call, and how many hours the mobile team works, is decided in the city budget and not in this course. We passed both comments to the council's public safety committee. What the course can do is to teach officers to ask for the team early and to give it the lead, and the third module does.",
    day: 181,
    by: "luis",
  },
  {
    inputs: ["html-check"],
    outcome: "declined",
    reason:
      "Your code did not run; it is shown as you typed it. On the badge number: we tried it with the role players, and a number in the first sentence made people stop listening to the second. Department policy already says that you get name and number in writing whenever you ask, and that answer is the same for all three Mikes.",
    day: 180,
    by: "dana",
  },
  {
    inputs: ["card-watching"],
    outcome: "declined",
    reason:
      "Thank you for coming to the try-out. You saw a real problem, and we solved it another way: the scenario now runs in two rooms at once, so that everyone has a turn or a rubric. Ninety minutes would take the course past its eight hours, and another part would have to go.",
    day: 180,
    by: "dana",
  },

  {
    inputs: ["on-their-side"],
    outcome: "adopted",
    reason:
      "Adopted as written. You are right that our own source said it first. Our medical adviser read the sentence and agreed with every word.",
    day: 88,
    by: "dana",
  },
  {
    inputs: ["stimming"],
    outcome: "partly_adopted",
    reason:
      "The word is in, and so is the instruction to leave it alone, which is what you asked for. We did not write “never”, because now and then a movement hurts the person, and someone who loves them will ask us to help.",
    change: {
      module: M1,
      draft: "en",
      find: "These movements are not a threat.",
      replace:
        "These movements, often called stimming, are not a threat. Leave them alone unless someone is getting hurt.",
    },
    day: 87,
    by: "luis",
  },
  {
    inputs: ["label-in-reports"],
    outcome: "adopted",
    reason:
      "Adopted, with the source in the sentence so that nobody has to take our word for it. The details you list (heat, breathing, words, times) are now in the instructor's examples.",
    change: {
      module: M4,
      draft: "en",
      find: "Use the person’s own words, in quotation marks, when you remember them.",
      replace:
        "Use the person’s own words, in quotation marks, when you remember them. Do not write “excited delirium”: the American Medical Association has opposed it as a medical diagnosis since 2021, and a label cannot stand in for what you saw.",
    },
    day: 86,
    by: "luis",
  },
  {
    inputs: ["ninos-interpretes"],
    outcome: "adopted",
    reason:
      "Gracias por contarlo, y dígale a su hija que esto cambió por ella. El texto ahora dice que no, con la única excepción que usted misma nombra, que es también la que permite la norma federal.",
    change: {
      module: M3,
      draft: "en",
      find: "Avoid using relatives as interpreters.",
      replace:
        "Do not use a child to interpret. The only exception is an emergency in which someone could be badly hurt before an interpreter answers. Do not count on adult relatives either.",
    },
    day: 85,
    by: "luis",
  },
  {
    inputs: ["ten-minute-rule"],
    outcome: "declined",
    reason:
      "We understand the wish for something that can be checked. A fixed number can be wrong both ways: ten minutes is too long when someone is bleeding, and an officer who watches for minute eleven has stopped listening. What can be checked is in the report: how long you waited and what you offered. The fourth module asks for it.",
    day: 84,
    by: "dana",
  },
  {
    inputs: ["belongings"],
    outcome: "partly_adopted",
    reason:
      "The fifth line of the hand-over now names what gets lost, the dog first. We could not adopt the duty to store a bag: that is the property room's policy, and we asked them to look at it with your outreach team.",
    change: {
      module: M3,
      draft: "en",
      find: "children, people who need to be told.",
      replace:
        "children, animals, the bag with the papers and the medicine, a phone, the keys, people who need to be told.",
    },
    day: 83,
    by: "dana",
  },
  {
    inputs: ["complainant"],
    outcome: "adopted",
    reason: "Adopted as written. We taught the class about labels and then used one.",
    day: 82,
    by: "luis",
  },
  {
    inputs: ["next-day-call"],
    outcome: "partly_adopted",
    reason:
      "Thank you for trusting a room full of strangers with this. The follow-up team has two people, and we will not promise a call that may not come. Three days is what they can keep, every time; and you now get a card with a name and a number before anyone leaves. We have asked for the staff to make it the next day.",
    change: {
      module: M4,
      draft: "en",
      find: "someone from the follow-up team calls within a week:",
      replace:
        "someone leaves a card with a name and a number, and the follow-up team calls within three days:",
    },
    day: 81,
    by: "luis",
  },
  {
    inputs: ["kitchen-knife"],
    outcome: "already_covered",
    reason:
      "You are in both halves, and the box says so in its last sentence: time, distance and cover are the first tools there too. Get the wife out if you can, put the counter between you and him, move back, keep one voice. If he goes for somebody, the use-of-force policy answers and not this module. We will walk through your kitchen in the next class.",
    day: 80,
    by: "dana",
  },
  {
    inputs: ["llamar-988"],
    outcome: "already_covered",
    reason:
      "Por lo general, no: contesta una persona capacitada, y muchas veces la conversación es la ayuda. El texto dice con franqueza que pueden pedir un servicio de emergencia cuando hay una vida en peligro y nada más alcanza. Puede preguntárselo a la persona que le conteste. Para español, oprima el 2.",
    day: 79,
    by: "luis",
  },
  {
    inputs: ["publish-the-test"],
    outcome: "declined",
    reason:
      "If the questions are public, the test stops measuring anything. What is public: the pass standards, the rubrics, and the totals before, after and six months later. We offer your group this: three of you may read the test at the library with one of us and write in public what you think of it.",
    day: 78,
    by: "dana",
  },
  {
    inputs: ["traffic-stops"],
    outcome: "out_of_scope",
    reason:
      "It does not belong in a course on crisis, and you are right that it is where most people meet us. The board has put a course on traffic stops on next year's list, and your card is the first page of its file.",
    day: 77,
    by: "luis",
  },
  {
    inputs: ["too-long"],
    outcome: "declined",
    reason:
      "The module is what instructors teach from, and a card can't teach. You are right that a card is what people keep: the table of phrases can be printed on one, and each learner gets it.",
    day: 76,
    by: "dana",
  },

  {
    inputs: ["order-lunch"],
    outcome: "adopted",
    reason:
      "Adopted as written. We want officers to use the Spanish they have and to know where it ends, and the joke was at the cost of the first.",
    day: 3,
    by: "luis",
  },
  {
    inputs: ["observer-counts-double"],
    outcome: "declined",
    reason:
      "Instructor and observer each have the same weight now, and the two must agree for a pass: an observer alone can already stop one. Doubling a score would let one observer pass somebody whom the instructor saw make a dangerous mistake.",
    day: 3,
    by: "dana",
  },
  {
    inputs: ["dispatch-debrief"],
    outcome: "already_covered",
    reason:
      "Yes: the dispatcher is part of it, on the phone, as the same paragraph says. If you have not been called so far, that is our failure in practice and not in the text. The dispatch supervisor now gets the time of each debrief.",
    day: 2,
    by: "luis",
  },
];
