// Makes calls with the functions of hey-api: node hey.js BASE CALLS; prints the statuses.
import * as sdk from "./sdk";
import { client } from "./sdk/client.gen";

declare const process: { argv: string[] };
const [base, calls] = process.argv.slice(2);
client.setConfig({ baseUrl: base });

async function main() {
  const statuses: number[] = [];
  for (const { operation, parameters, body, headers } of JSON.parse(calls)) {
    const name = operation.replace(/_(\w)/g, (_: string, letter: string) => letter.toUpperCase());
    const { response } = await (sdk as any)[name]({ path: parameters, body, headers });
    statuses.push(response.status);
  }
  console.log(JSON.stringify(statuses));
}

main();
