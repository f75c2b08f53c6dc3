import config from "./playwright.config.js";

/** Draws pictures for people to look at; nothing of it is a test. */
export default { ...config, testMatch: "*.pictures.js", use: { ...config.use, screenshot: "off" } };
