// Who stands at the till: let in without asking where there is nothing to ask, switch with the cart kept, lock,
// practise, ask a supervisor. Between `page.js` (where a person is) and `app.js` (the verbs of selling).

import { approversOf, mayAlone } from "./approval.js";
import { drawersFor } from "./drawers.js";
import { Page } from "./page.js";
import { usePrefs } from "./prefs.js";
import { isStale } from "./shift.js";
import { t } from "./words.js";

const IDLE_MS = 3 * 60_000;
const TRIED = "till.tried.";

export class Crew extends Page {
  /** Who sells. @type {any} */
  staff = null;
  /** Whether somebody has sold since the page opened: before that a list that comes late may still let one in. */
  #begun = false;
  /** The real counter while somebody practises. @type {any} */
  #counter = null;

  /** Whom a practice sale is offered, until they sell. @type {any} */
  practiceFor = null;

  /** @type {import("./staff.js").Staff} */
  people = /** @type {any} */ (null);
  /** @type {import("./desk.js").Desk} */
  desk = /** @type {any} */ (null);
  /** @type {import("./catalogue.js").Catalogue} */
  catalogue = /** @type {any} */ (null);
  /** @type {import("./shift.js").Shifts} */
  shifts = /** @type {any} */ (null);
  /** @type {() => string} */
  newId = () => { throw new Error("not wired"); };
  /** @type {import("./sender.js").Sender} */
  sender = /** @type {any} */ (null);
  /** Makes a counter to practise on. @type {() => import("./desk.js").Desk} */
  practiceDesk = () => { throw new Error("not enrolled"); };

  get by() {
    return { staff: this.staff?.id ?? null, catalogue: this.catalogue.version };
  }

  // ── In and out ─────────────────────────────────────────────────────

  /** After a reload: nobody is asked who sells when there is only one answer and no PIN to ask for. */
  begin() {
    if (this.#begun && this.view !== "starting") return;
    if (this.catalogue.version === 0) return this.go("who");
    const start = this.people.starts();
    if ("in" in start) return this.sellAs(start.in);
    if (this.view !== "who") this.go("who");
    if (start.ask) this.askPin(start.ask);
  }

  /** The list of people came (again). */
  listCame() {
    if (!this.#begun && this.view === "who" && !this.dialog) this.begin();
  }

  /** @param {any} person */
  choose(person) {
    if (person.pin) return this.askPin(person);
    this.sellAs(person);
  }

  /** @param {any} person */
  askPin(person) {
    this.about = { person };
    this.dialog = "pin";
    this.redraw();
  }

  /** @param {any} person null: nobody of the list */
  sellAs(person) {
    this.#begun = true;
    this.staff = person;
    this.desk.staff = person?.id ?? null;
    usePrefs(person?.id ?? null);
    this.touch();
    this.go("sell");
    this.people.switchTo(person).catch((error) => this.sayTrouble(error));
    if (this.shifts.isStale()) this.sayStale();
    else if (person && localStorage.getItem(TRIED + person.id) === null) this.#offerPractice(person);
    else this.#proposeDrawer(person);
  }

  /** A producer's niece who keeps their takings (G15): one tap opens their drawer, none leaves it; of several she chooses. @param {any} person */
  #proposeDrawer(person) {
    const own = person ? drawersFor(person, this.shifts.kept, [...this.catalogue.all()]) : [];
    if (!own.length) return;
    const [{ id: keeper, name: keeper_name }] = own;
    const several = own.length > 1;
    const open = () => several ? this.go("drawers", { words: "", only: own.map(({ id }) => id) })
      : this.go("open", { count: {}, note: 500_000, id: this.newId(), keeper, keeper_name });
    this.say({
      tone: "info", icon: "wallet", text: t("kept_propose_text"), stays: true,
      title: several ? t("kept_propose_which") : t("kept_propose", { name: keeper_name }),
      act: { label: t(several ? "kept_propose_choose" : "kept_propose_go"), run: () => { this.hush(); open(); } },
    });
  }

  lock() {
    if (this.practising) this.leavePractice();
    this.#begun = true;
    this.staff = this.practiceFor = null;
    this.desk.staff = null;
    this.desk.last = null;
    this.go("who");
  }

  /** Three idle minutes lock the till. The cart stays as it is. */
  lockIfIdle() {
    if (this.idle < IDLE_MS || this.view !== "sell" || !this.staff?.pin || this.desk.paying) return;
    this.lock();
  }

  // ── A supervisor's word ────────────────────────────────────────────

  /**
   * Somebody with the right approves one action and one amount by PIN. Null: nobody did.
   * @param {import("./approval.js").Wanted} wanted @returns {Promise<import("./approval.js").Approval | null>}
   */
  approve(wanted) {
    this.sender?.poke(); // whether the server can be reached is known before the PIN is typed
    return this.ask("approve", { wanted, people: approversOf(this.catalogue.about.staff, wanted.need), person: null, typing: null });
  }

  /**
   * May this be done? Alone, by a supervisor's PIN, or because nobody here has a PIN to say yes with.
   * @param {import("./approval.js").Wanted} wanted @returns {Promise<{ approval: import("./approval.js").Approval | null } | null>}
   */
  async allow(wanted) {
    if (mayAlone(this.staff, wanted.need ?? { approve: true }) || !this.people.pins) return { approval: null };
    const approval = await this.approve(wanted);
    return approval && { approval };
  }

  // ── Practice ───────────────────────────────────────────────────────

  get practising() {
    return this.#counter !== null;
  }

  /** @param {any} person */
  #offerPractice(person) {
    localStorage.setItem(TRIED + person.id, "0"); // offered once, done or not
    this.practiceFor = person; // in the empty cart, where it covers nothing
    if (!matchMedia("(max-width: 560px)").matches) return;
    this.say({
      tone: "info", icon: "hand", title: t("practice_offer", { name: person.name }), text: t("practice_offer_text"),
      act: { label: t("practice_go"), run: () => this.practise() },
    });
  }

  practise() {
    if (this.practising) return;
    this.hush();
    this.practiceFor = null;
    this.#counter = this.desk;
    this.desk = this.practiceDesk();
    this.desk.staff = this.staff?.id ?? null;
    this.go("sell");
  }

  leavePractice() {
    if (!this.practising) return;
    this.desk = this.#counter;
    this.desk.staff = this.staff?.id ?? null;
    this.#counter = null;
    this.go("sell");
  }

  /** Which of the three sentences: put in, take money, give change. */
  get lesson() {
    if (this.desk.last && this.panel === "change") return 3;
    return this.desk.cart.lines.length ? 2 : 1;
  }

  // ── The shift wants something ──────────────────────────────────────

  sayStale() {
    const shift = this.shifts.current;
    if (!shift || !isStale(shift, this.clock.now())) return;
    this.say({
      tone: "wait", icon: "clock", title: t("stale_title"), text: t("stale_text"), stays: true,
      act: { label: t("close_shift"), run: () => this.startClose() },
    });
  }

  /** @param {string | null} [keeper] whose drawer */
  startClose(keeper = null) {
    this.hush();
    if (!keeper) this.desk.leaveAsItWas().catch((error) => this.sayTrouble(error)); // a sale that is being mended stays as it was paid
    this.go("close", { id: this.newId(), count: {}, note: 500_000, keeper, stage: "count", first: null, reason: null, approval: null });
  }
}
