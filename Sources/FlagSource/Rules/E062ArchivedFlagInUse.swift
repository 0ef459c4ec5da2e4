internal import YAML

extension Rule {
  static let archivedFlagInUse = Rule(
    code: "E062", name: "archived-flag-in-use", level: .error,
    summary: "An archived flag still has a config or a test, or another flag requires it.",
    explanation: """
      An archived flag is compiled nowhere; its definition stays so that its key is never given another meaning. What \
      still refers to it has no effect, or could never hold. Remove what refers to it, or take `archived: true` back.
      """,
    badExample: Example(
      "definitions/new-cart.yaml",
      """
      description: The cart on one page.
      type: boolean
      off: off
      owner: payments
      kind: release
      expires: 2099-03-01
      archived: true

      """),
    goodExample: Example([
      (
        "definitions/new-cart.yaml",
        """
        description: The cart on one page.
        type: boolean
        off: off
        owner: payments
        kind: release
        expires: 2099-03-01
        archived: true

        """
      ),
      ("environments/staging/new-cart.yaml", ""),
      ("environments/production/new-cart.yaml", ""),
      ("tests/new-cart.yaml", ""),
    ]),
    check:
      .config { config, definition, _, findings in
        guard let definition, let archived = definition.archived, archived.value else { return }
        let site = Site(file: config.file, flag: config.flag, environment: config.environment)
        findings.add(.archivedFlagInUse(definition, archived, at: .wholeFile, site))
      },
    .flagName { flag, site, facts, findings in
      guard let definition = facts.tree.definition(of: flag.value), let archived = definition.archived, archived.value
      else { return }
      findings.add(.archivedFlagInUse(definition, archived, at: flag.range, site))
    })
}

extension Finding {
  fileprivate static func archivedFlagInUse(
    _ definition: Definition, _ archived: Located<Bool>, at range: SourceRange, _ site: Site
  ) -> Finding {
    site.finding(
      .archivedFlagInUse, "flag \(definition.key.quoted) is archived",
      help: range == .wholeFile ? "remove this file" : "remove what refers to the flag", at: range,
      notes: [Note("the flag is archived here", file: definition.file, range: archived.range)])
  }
}
