// A person with the right says yes to one action and one amount, by PIN, with or without the network.
// Who may: `limits.approve` and limits as wide as the need. Knows no screen; a wrong PIN counts (`lockout.js`).

/**
 * @typedef {Record<string, number | boolean>} Need  members of `staff[].limits`: at least so much, or true
 * @typedef {{ action: string, amount: number | null, need?: Need, why?: string }} Wanted
 *   why: which limit was passed, in the cashier's words
 * @typedef {{ action: string, amount: number | null, staff: string, at: string, offline: boolean }} Approval
 */

/** Whether limits cover a need. @param {any} limits @param {Need} [need] */
export const covers = (limits, need = {}) =>
  Object.entries(need).every(([name, least]) =>
    typeof least === "boolean" ? !least || limits?.[name] === true : (limits?.[name] ?? 0) >= least);

/** What somebody may do without asking: nobody signed in may do nothing. @param {any} person @param {Need} need */
export const mayAlone = (person, need) => Boolean(person) && covers(person.limits, need);

/**
 * Those who can say yes here: with a PIN, the right, and a limit high enough; nobody of a producer.
 * @param {any[]} staff @param {Need} [need]
 */
export const approversOf = (staff, need = {}) =>
  staff.filter((person) => person.active !== false && person.pin && !person.producer
    && person.limits?.approve === true && covers(person.limits, need));

/**
 * Exactly what the event keeps.
 * @param {Wanted} wanted @param {string} staff @param {number} at ms @param {boolean} offline
 * @returns {Approval}
 */
export const approved = ({ action, amount }, staff, at, offline) =>
  ({ action, amount, staff, at: new Date(at).toISOString(), offline });

/** Whether an approval still covers what is done now: another amount asks anew. @param {Approval | undefined} given @param {number} amount */
export const stillCovers = (given, amount) => Boolean(given) && amount <= (given?.amount ?? 0);
