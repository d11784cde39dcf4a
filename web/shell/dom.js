// The one place where markup becomes elements. It takes what this server's templates
// rendered, which have escaped all text in it; the policy's name is the only one that
// the Content-Security-Policy lets in, so that no other module can do the same.
const policy = globalThis.trustedTypes
  ? globalThis.trustedTypes.createPolicy("referent", { createHTML: (markup) => markup })
  : { createHTML: (markup) => markup };

export function fragment(markup) {
  const parsed = new DOMParser().parseFromString(policy.createHTML(markup), "text/html");
  const piece = document.createDocumentFragment();
  for (const node of [...parsed.body.childNodes]) piece.append(document.adoptNode(node));
  return piece;
}

export function fromTemplate(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}
