// Prefects sidor har engelska knappar. Här får de som en handläggare möter svenska ord: bara hela texter i listan
// byts ut, aldrig något som någon har skrivit.
const ORD = new Map(Object.entries({
  "Dashboard": "Översikt",
  "Runs": "Körningar",
  "Flows": "Flöden",
  "Deployments": "Formulär",
  "Work Pools": "Arbetare",
  "Blocks": "Block",
  "Variables": "Variabler",
  "Automations": "Automatik",
  "Event Feed": "Händelser",
  "Concurrency": "Samtidighet",
  "Settings": "Inställningar",
  "Documentation": "Dokumentation",
  "Flow": "Flöde",
  "Deployment": "Formulär",
  "Work Pool": "Arbetare",
  "Work Queue": "Kö",
  "Level: All": "Allt",
  "Created": "Skapad",
  "Key": "Nyckel",
  "Type": "Slag",
  "Run Name": "Körningens namn",
  "Parameters": "Dina svar",
  "Select": "Välj",
  "Search...": "Sök",
  "No items in this list": "Listan är tom",
  "Add item": "Lägg till",
  "Add Item": "Lägg till",
  "Enforce Parameter Schema": "Kontrollera svaren",
  "Start": "När ska det göras?",
  "Now": "Nu",
  "Later": "Senare",
  "Additional Options": "Fler val",
  "Cancel": "Avbryt",
  "Submit": "Skicka in",
  "Run": "Fyll i",
  "Quick run": "Kör direkt",
  "Custom run": "Fyll i",
  "Resume": "Svara",
  "Resume Flow Run": "Svara på frågan",
  "Provide input to resume": "Läs läget och rådet, och fyll i svaret under dem:",
  "Current state:": "Läge:",
  "Copy to new run": "Gör en kopia",
  "Copy ID": "Kopiera id",
  "Delete": "Ta bort",
  "Open menu": "Öppna menyn",
  "Scheduled": "Löper",
  "Late": "Har passerat",
  "Running": "Pågår",
  "Pending": "Startar",
  "Completed": "Klart",
  "Failed": "Misslyckades",
  "Crashed": "Avbröts",
  "Cancelled": "Avbrutet",
  "Suspended": "Väntar på svar",
  "Details": "Detaljer",
  "Logs": "Besked",
  "Task Runs": "Steg",
  "Subflow Runs": "Underkörningar",
  "Artifacts": "Sidor",
  "Artifact": "Sida",
  "Raw": "Råtext",
  "Show Raw Data": "Visa råtext",
  "Job Variables": "Teknik",
  "Flow Runs": "Körningar",
  "All run states": "Alla lägen",
  "Newest to oldest": "Nyast först",
  "Oldest to newest": "Äldst först",
  "Items per page": "Rader per sida",
  "This run did not produce any logs.": "Inget besked ännu.",
  "This flow run has not yet generated any task or subflow runs": "Frågan väntar på svar",
}));
const FREDAT = "textarea, input, .prose, .cm-editor, script, style";

function svenska(text) {
  const hela = text.nodeValue.trim();
  const ord = ORD.get(hela) ?? (hela.endsWith(" (Optional)") ? hela.replace(" (Optional)", " (frivilligt)") : undefined);
  if (ord !== undefined && !text.parentElement?.closest(FREDAT)) text.nodeValue = text.nodeValue.replace(hela, () => ord);
}

function under(nod) {
  if (nod.nodeType === Node.TEXT_NODE) return svenska(nod);
  const texter = document.createTreeWalker(nod, NodeFilter.SHOW_TEXT);
  while (texter.nextNode()) svenska(texter.currentNode);
}

new MutationObserver((nytt) => {
  for (const { target, addedNodes, type } of nytt) {
    if (type === "characterData") svenska(target);
    addedNodes.forEach(under);
  }
}).observe(document, { subtree: true, childList: true, characterData: true });
