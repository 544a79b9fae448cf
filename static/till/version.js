// The build's name, in the envelope of every event and on the about page.

export const APP = "0.1.0";
