import { connect } from "#db/connect.ts";
import { type People, serveCollab } from "./collab.ts";

/** A collaboration server in a process of its own, to be killed: address and people as arguments. */
const [address = "", people = "{}"] = process.argv.slice(2);
const { url } = await serveCollab(connect(address), JSON.parse(people) as People);
process.stdout.write(`${url}\n`);
