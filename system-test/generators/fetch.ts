// Makes calls with the types of openapi-typescript: node fetch.js BASE CALLS; prints the statuses.
import createClient from "openapi-fetch";
import type { paths } from "./schema";

declare const process: { argv: string[] };
const [base, calls] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl: base });

async function main() {
  const statuses: number[] = [];
  for (const { method, path, parameters, body, headers } of JSON.parse(calls)) {
    const send = (client as any)[method];
    const { response } = await send(path, { params: { path: parameters }, body, headers });
    statuses.push(response.status);
  }
  console.log(JSON.stringify(statuses));
}

main();
