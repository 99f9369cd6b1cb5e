// Package browser tests the exports that people open in a browser in one: the
// page, the picture and the Mermaid diagrams, in headless Chromium. It is a module
// of its own, so that multiexit does not require what drives the browser:
//
//	cd tree/export/browser && go test .
//
// Without a Chromium the tests are skipped; those of Mermaid also where
// MULTIEXIT_MERMAID does not name its mermaid.min.js, from the npm package.
package browser
