/**
 * The demonstration community: Alder Falls, a city that does not exist. Plain data, no behaviour.
 *
 * Every moment is a `day`: so many days before the seeding (negative: after it), so that the
 * open round is always open. Play all events back from the greatest day to the smallest; on the
 * same day: input, moderation, decision, edit, version. Words that an event looks for are the
 * words as they stand at that moment, once in the text of that draft.
 */
export type Words = { en: string; es: string };
export type Language = "en" | "es";

export type ModuleSlug =
  | "understanding-a-person-in-crisis"
  | "time-distance-and-words"
  | "responding-together"
  | "after-the-call";

export type PersonKey =
  | "marisol"
  | "dana"
  | "luis"
  | "imani"
  | "asha"
  | "tomas"
  | "alice"
  | "gloria"
  | "marcus"
  | "hollis";

export type DemoPerson = {
  key: PersonKey;
  name: string;
  email: string;
  /** Null for a resident with an account, who needs no role to speak. */
  role: "steward" | "trainer" | "facilitator" | "moderator" | "board" | null;
};

export type DemoModule = {
  slug: ModuleSlug;
  position: number;
  /** The leading draft, then the others: `modules/<slug>.<language>.md`. */
  drafts: Language[];
  title: Words;
  goal: Words;
  audience: string;
  prerequisites: string;
  minutes: number;
  mode: "in_person" | "virtual" | "blended";
  maxStudents: number;
  facilities: string;
  equipment: string;
  safetyPlan: string;
  contentWarning: Words;
};

export type DemoRound = {
  key: 1 | 2 | 3;
  title: Words;
  question: Words;
  opens: number;
  closes: number;
  by: PersonKey;
  modules: ModuleSlug[];
};

/** Words to look for in one block of a draft, and the words to put in their place. */
export type DemoChange = { module: ModuleSlug; draft: Language; find: string; replace: string };

/** What a trainer changed without anybody's input. */
export type DemoEdit = DemoChange & { day: number; by: PersonKey };

export type DemoVersion = { n: 1 | 2; day: number; by: PersonKey; note: string };

export const curriculum = {
  slug: "crisis-response-and-de-escalation",
  day: 240,
  title: {
    en: "Crisis Response and De-escalation",
    es: "Respuesta a crisis y desescalada",
  },
  summary: {
    en: "An eight-hour course for patrol officers and call-takers: how to see a person in crisis, slow a call down, work with the people who can help, and finish well. It is written with the residents of Alder Falls, many of whom have been on the other side of such a call.",
    es: "Un curso de ocho horas para agentes de patrulla y personal del 911: cómo reconocer a una persona en crisis, bajar el ritmo de una llamada, trabajar con quienes pueden ayudar y terminar bien. Se escribe junto con los residentes de Alder Falls, muchos de los cuales han estado del otro lado de una llamada así.",
  },
  agency: "Alder Falls Police Department",
  jurisdiction: "City of Alder Falls (a city invented for this demonstration)",
  status: "effective",
  licence: "CC-BY-4.0",
  owner: "Training Unit, Alder Falls Police Department",
  approver: "Chief of Police, after review by the Alder Falls Community Police Board",
  /** Days, as everywhere here. It is reviewed again a year after it took effect. */
  effectiveFrom: 49,
  effectiveTo: -316,
  adaptedFrom: "Written for Alder Falls; not adapted from another course.",
  minutes: 480,
} satisfies Record<string, unknown>;

export const people: DemoPerson[] = [
  { key: "marisol", name: "Marisol Vance", email: "marisol@alderfalls.example", role: "steward" },
  { key: "dana", name: "Dana Whitlock", email: "dana@alderfalls.example", role: "trainer" },
  { key: "luis", name: "Luis Echeverría", email: "luis@alderfalls.example", role: "trainer" },
  { key: "imani", name: "Imani Brooks", email: "imani@alderfalls.example", role: "facilitator" },
  { key: "asha", name: "Asha Menon", email: "asha@alderfalls.example", role: "moderator" },
  { key: "tomas", name: "Tomas Varga", email: "tomas@alderfalls.example", role: "moderator" },
  { key: "alice", name: "Alice Kimura", email: "alice@alderfalls.example", role: "board" },
  { key: "gloria", name: "Gloria T.", email: "gloria@alderfalls.example", role: null },
  {
    key: "marcus",
    name: "Marcus from Mill Street",
    email: "marcus@alderfalls.example",
    role: null,
  },
  { key: "hollis", name: "Hollis", email: "hollis@alderfalls.example", role: null },
];

export const modules: DemoModule[] = [
  {
    slug: "understanding-a-person-in-crisis",
    position: 1,
    drafts: ["en"],
    title: {
      en: "Understanding a person in crisis",
      es: "Comprender a una persona en crisis",
    },
    goal: {
      en: "See the person before you decide what the problem is, and choose a first approach that fits what you see.",
      es: "Ver a la persona antes de decidir cuál es el problema, y elegir una primera forma de acercarse que corresponda a lo que se ve.",
    },
    audience: "Patrol officers, field training officers and 911 call-takers",
    prerequisites: "None. Learners take the short written test before the first session.",
    minutes: 100,
    mode: "in_person",
    maxStudents: 24,
    facilities:
      "A room with movable chairs, no fixed tables, step-free access, and a quiet room next to it. Not in a police building if the speaker prefers another place.",
    equipment: "Assistive listening system, paper and pens, observer rubrics, one shopping bag.",
    safetyPlan:
      "No weapons in the room, training weapons included; a safety officer checks at the door. One instructor is free to leave with anyone who steps out. The word “pause” stops any role play at once.",
    contentWarning: {
      en: "Suicide, psychosis, addiction, and the death of people close to us.",
      es: "Suicidio, psicosis, adicción y la muerte de personas cercanas.",
    },
  },
  {
    slug: "time-distance-and-words",
    position: 2,
    drafts: ["en", "es"],
    title: { en: "Time, distance and words", es: "Tiempo, distancia y palabras" },
    goal: {
      en: "Slow a call down, keep everyone safer, and speak so that a frightened person can hear you.",
      es: "Bajar el ritmo de una llamada, cuidar la seguridad de todos y hablar de modo que una persona asustada pueda escuchar.",
    },
    audience: "Patrol officers and field training officers; community observers",
    prerequisites: "Understanding a person in crisis",
    minutes: 150,
    mode: "in_person",
    maxStudents: 24,
    facilities:
      "A large room or gym with space for two scenarios at once, a line of tape on the floor for the parking deck, and a quiet room next to it.",
    equipment: "Command cards, timers, two radios on a training channel, observer rubrics.",
    safetyPlan:
      "No weapons in the room, training weapons included; a safety officer checks at the door. Nobody climbs and nobody acts a fall. The word “pause” stops any role play at once. A clinician is in the building during the scenario.",
    contentWarning: {
      en: "A role-played call about a person who is thinking of suicide.",
      es: "Una llamada representada sobre una persona que piensa en el suicidio.",
    },
  },
  {
    slug: "responding-together",
    position: 3,
    drafts: ["en"],
    title: { en: "Responding together", es: "Responder juntos" },
    goal: {
      en: "Work with dispatch, clinicians, family, peer supporters and interpreters, and hand over so that the person need not begin again.",
      es: "Trabajar con el despacho, profesionales de salud mental, familiares, personas de apoyo e intérpretes, y entregar el caso de modo que la persona no tenga que empezar de nuevo.",
    },
    audience: "Patrol officers, 911 call-takers and dispatchers, mobile crisis team",
    prerequisites: "Time, distance and words",
    minutes: 120,
    mode: "blended",
    maxStudents: 20,
    facilities:
      "A room set up as a kitchen, with a door and good light. Two sign language interpreters. Reading for this module may be done online beforehand.",
    equipment:
      "A tablet with the video interpreter, a telephone with the interpreter line, unbreakable plates, hand-over sheets.",
    safetyPlan:
      "No weapons in the room, training weapons included; a safety officer checks at the door. An adult plays the child. The word “pause”, spoken or signed, stops any role play at once.",
    contentWarning: {
      en: "A family argument in front of a child, and grief after a death.",
      es: "Una discusión familiar delante de un niño y el duelo por una muerte.",
    },
  },
  {
    slug: "after-the-call",
    position: 4,
    drafts: ["en"],
    title: { en: "After the call", es: "Después de la llamada" },
    goal: {
      en: "Finish a call well: debrief, write a fair report, follow up, look after each other, and learn when someone says that it went badly.",
      es: "Terminar bien una llamada: conversar sobre ella, escribir un informe justo, dar seguimiento, cuidarse entre colegas y aprender cuando alguien dice que salió mal.",
    },
    audience: "Patrol officers, sergeants, dispatchers",
    prerequisites: "The three modules before it",
    minutes: 110,
    mode: "in_person",
    maxStudents: 24,
    facilities: "A classroom with tables for four, and a quiet room next to it.",
    equipment: "The recorded scenario with captions, its dispatch log, report forms, rubrics.",
    safetyPlan:
      "A peer supporter is in the building. Learners are told at the start that they may leave and where to find help. The word “pause” stops any role play at once.",
    contentWarning: {
      en: "Grief, complaints about police, and officers who have thought of suicide.",
      es: "Duelo, quejas sobre la policía y agentes que han pensado en el suicidio.",
    },
  },
];

export const rounds: DemoRound[] = [
  {
    key: 1,
    title: {
      en: "First reading: does this sound like real life?",
      es: "Primera lectura: ¿se parece a la vida real?",
    },
    question: {
      en: "Where does this text not match what you, your family or your coworkers have lived through?",
      es: "¿Dónde no coincide este texto con lo que usted, su familia o sus compañeros de trabajo han vivido?",
    },
    opens: 220,
    closes: 192,
    by: "dana",
    modules: [
      "understanding-a-person-in-crisis",
      "time-distance-and-words",
      "responding-together",
      "after-the-call",
    ],
  },
  {
    key: 2,
    title: {
      en: "Second reading: what is still missing?",
      es: "Segunda lectura: ¿qué falta todavía?",
    },
    question: {
      en: "Version 1 is published and the first class has been taught. What would you add, take out or say differently before the next class?",
      es: "La versión 1 está publicada y ya se dio la primera clase. ¿Qué añadiría, quitaría o diría de otra manera antes de la próxima?",
    },
    opens: 120,
    closes: 92,
    by: "luis",
    modules: [
      "understanding-a-person-in-crisis",
      "time-distance-and-words",
      "responding-together",
      "after-the-call",
    ],
  },
  {
    key: 3,
    title: {
      en: "Third reading: words, partners and what comes after",
      es: "Tercera lectura: las palabras, los aliados y lo que viene después",
    },
    question: {
      en: "If you or someone you love were the person on this call, what would you want an officer to say, or to leave unsaid?",
      es: "Si usted o un ser querido fuera la persona de esta llamada, ¿qué querría que dijera el agente, o que se callara?",
    },
    opens: 13,
    closes: -17,
    by: "dana",
    modules: ["time-distance-and-words", "responding-together", "after-the-call"],
  },
];

export const edits: DemoEdit[] = [
  {
    day: 178,
    by: "dana",
    module: "understanding-a-person-in-crisis",
    draft: "en",
    find: "It has a beginning, and with help it usually has an end.",
    replace: "It has a beginning, and it can have an end.",
  },
  {
    day: 177,
    by: "luis",
    module: "time-distance-and-words",
    draft: "es",
    find: "A muy pocos los ha calmado.",
    replace:
      "A muy pocos los ha calmado. Diga más bien lo que usted quiere que pase: “Tómese su tiempo. Yo de aquí no me voy”.",
  },
  {
    day: 177,
    by: "luis",
    module: "time-distance-and-words",
    draft: "es",
    find: "Apaguen la sirena y las luces de emergencia en cuanto sea seguro hacerlo.",
    replace:
      "Apaguen la sirena y las luces de emergencia en cuanto sea seguro hacerlo, y bajen el volumen de la radio o usen un auricular.",
  },
  {
    day: 72,
    by: "luis",
    module: "time-distance-and-words",
    draft: "es",
    find: "Vigile la respiración de la persona y siga hablándole.",
    replace:
      "Póngala de inmediato de costado o sentada. Vigile su respiración, siga hablándole y llame a los paramédicos ante cualquier cambio.",
  },
  {
    day: 71,
    by: "luis",
    module: "after-the-call",
    draft: "en",
    find: "Nobody is ranked.",
    replace: "Nobody is ranked, and no supervisor sees one person’s answers.",
  },
  {
    day: 4,
    by: "dana",
    module: "time-distance-and-words",
    draft: "en",
    find: "Count to ten in your head after each question before you say anything else.",
    replace:
      "After each question, count slowly to ten in your head before you or your partner adds a word.",
  },
];

export const versions: DemoVersion[] = [
  {
    n: 1,
    day: 168,
    by: "dana",
    note: "The first version that we teach from. Before it was published, residents, families, officers and people who have been in crisis read all four modules. Their words changed how we describe hearing voices, how we speak about people who live with mental illness, what we say about lip-reading, and what officers may expect when they ask for help themselves. We also took out a sentence about how crises usually end, because we had no source for it. Who investigates complaints is not ours to decide: that question went to the Community Police Board.",
  },
  {
    n: 2,
    day: 63,
    by: "luis",
    note: "Changes after the first two classes and the second reading. New: what to do with a person’s body position after any restraint, a rule about children as interpreters, what must not be forgotten at a hand-over, and a caution about one label in reports. Follow-up calls now come within three days and not within a week. We did not set a fixed waiting time in minutes; the reason is given with that suggestion.",
  },
];
