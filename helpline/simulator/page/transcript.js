// The transcript of a call as list items: what was heard, each in its own language and direction, and what the person did.

const DEEDS = {
  press: (what) => `Pressed ${what}`,
  silence: () => "Kept silent",
  speak: (what) => `Spoke for ${Number(what)} s`,
  hangup: () => "Hung up",
  answer: () => "Answered",
  refuse: () => "Did not answer",
};
const ASIDES = {
  pause: (one) => `Pause, ${one.seconds} s`,
  tone: (one) => (one.text === "beep" ? "Beep" : `Tones ${one.text}`),
  music: (one) => `♪ ${one.text}`,
};

export function make(name, text, className) {
  const element = document.createElement(name);
  if (text !== null && text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

// Only what changed is touched, so that a screen reader speaks only what is new.
export function show(list, call) {
  const wanted = entries(call);
  wanted.forEach((item, place) => {
    const old = list.children[place];
    if (!old) list.append(item);
    else if (old.cloneNode(true).outerHTML.replace(" playing", "") !== item.outerHTML) old.replaceWith(item);
  });
  while (list.children.length > wanted.length) list.lastChild.remove();
}

function entries(call) {
  const list = [];
  const deeds = [...call.deeds];
  const troubles = [...call.troubles];
  const due = (place) => {
    while (deeds.length && deeds[0].after <= place) {
      const deed = { ...deeds.shift() };
      while (deed.deed === "press" && deeds.length && deeds[0].deed === "press" && deeds[0].after === deed.after)
        deed.what += deeds.shift().what;
      list.push(make("li", DEEDS[deed.deed](deed.what), "mine"));
    }
    while (troubles.length && troubles[0].after <= place) list.push(make("li", troubles.shift().what, "trouble"));
  };
  call.heard.forEach((one, index) => { due(index); list.push(says(one, index)); });
  due(call.heard.length);
  if (call.ended) list.push(make("li", "The call is over", "aside"));
  return list;
}

function says(one, index) {
  if (ASIDES[one.kind]) return make("li", ASIDES[one.kind](one), "aside");
  if (one.kind === "play" && one.name && !one.tag) return make("li", ASIDES.music(one), "aside");   // a tone: in no language
  const item = make("li", null, "says" + (one.whole ? "" : " cut"));
  item.dir = one.direction;
  item.dataset.place = index;
  const meta = make("div", null, "meta");
  meta.append(bdi(one.language || "Unknown language", one.tag), bdi(one.kind === "play" ? `clip ${one.name}`.trim() : "voice", "en"));
  if (!one.whole) meta.append(bdi("cut short", "en"));
  const text = make("p", one.text || "(a clip that does not say what it says)");
  text.lang = one.tag;
  item.append(meta, text);
  return item;
}

function bdi(text, lang) {
  const element = make("bdi", text);
  if (lang) element.lang = lang;
  return element;
}
