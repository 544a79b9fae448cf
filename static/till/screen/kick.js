// The drawer opened without a sale: a supervisor's word for a cashier, always written down, kicked if a printer can.

import { t } from "../words.js";

/** @param {import("../app.js").App} app */
export async function openDrawer(app) {
  app.dialog = null;
  const allowed = await app.allow({ action: "drawer", amount: null, need: { approve: true } });
  if (!allowed) return;
  try {
    await app.shifts.openDrawer({ ...app.by, approval: allowed.approval });
    app.sender.poke();
    await app.count();
    if (await app.paper.kick()) return app.say({ tone: "ok", icon: "wallet", title: t("drawer_opening"), text: t("drawer_written") });
    const answer = app.settings.printer && !app.paper.here ? await app.api.drawer(app.enrolment.token).catch(() => null) : null;
    if (answer?.status === 202) return app.say({ tone: "ok", icon: "wallet", title: t("drawer_opening"), text: t("drawer_written") });
    app.say({ tone: "wait", icon: "key-round", title: t("drawer_by_key"), text: t("drawer_written") });
  } catch (error) {
    app.sayTrouble(error);
  }
}
