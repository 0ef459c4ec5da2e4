/// The members of a report of findings.
enum ReportFields {
  static let all = [
    JSONField("findings[].code", "the rule's code, such as E012"),
    JSONField("findings[].name", "the rule's name, such as unknown-variant"),
    JSONField("findings[].level", "error, warning or information"),
    JSONField("findings[].message", "what is wrong"),
    JSONField("findings[].help", "what to do about it"),
    JSONField("findings[].file", "the file, relative to the repository's top"),
    JSONField("findings[].start.line", "the line of the first character, from 1"),
    JSONField("findings[].start.column", "its column, from 1, in Unicode scalars"),
    JSONField("findings[].end.line", "the line of the place behind the last character"),
    JSONField("findings[].end.column", "its column"),
    JSONField("findings[].flag", "the flag concerned; absent where there is none"),
    JSONField("findings[].environment", "the environment concerned; absent where there is none"),
    JSONField("findings[].notes[].message", "what another place has to do with it"),
    JSONField("findings[].notes[].file", "the file of that place"),
    JSONField("findings[].notes[].start", "where it begins: line and column"),
    JSONField("findings[].notes[].end", "where it ends"),
    JSONField("findings[].fix.title", "a change that removes the finding; absent where there is none"),
    JSONField("findings[].fix.applicability", "safe: --fix applies it; unsafe: a guess"),
    JSONField("findings[].fix.edits[].start", "what the change replaces, in the same file"),
    JSONField("findings[].fix.edits[].end", "the end of that"),
    JSONField("findings[].fix.edits[].replacement", "the new text"),
    JSONField("summary.errors", "how many findings are errors"),
    JSONField("summary.warnings", "how many are warnings"),
    JSONField("summary.information", "how many are information"),
  ]
}
