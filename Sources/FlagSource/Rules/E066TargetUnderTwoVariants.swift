extension Rule {
  static let targetUnderTwoVariants = Rule(
    code: "E066", name: "target-under-two-variants", level: .error,
    summary: "A targeting key stands under two variants.",
    explanation: """
      `targets` gives a targeting key its variant before any rule is asked, so a key can stand under one variant only. \
      Remove it from the other.
      """,
    badExample: Example(
      "environments/staging/new-cart.yaml",
      "enabled: true\ntargets:\n  on: [user-1, user-2]\n  off: [user-2]\notherwise: on\n"),
    goodExample: Example(
      "environments/staging/new-cart.yaml",
      "enabled: true\ntargets:\n  on: [user-1]\n  off: [user-2]\notherwise: on\n"),
    check: .config { config, _, _, findings in
      guard config.targets.count > 1 else { return }
      var seen: [String: (variant: Located<String>, key: Located<String>)] = [:]
      for target in config.targets {
        for key in target.keys {
          if let (variant, first) = seen[key.value] {
            guard variant.value != target.variant.value else { continue }
            findings.add(.targetUnderTwoVariants(key, target.variant.value, first, variant.value, config))
          } else {
            seen[key.value] = (target.variant, key)
          }
        }
      }
    })
}

extension Finding {
  fileprivate static func targetUnderTwoVariants(
    _ key: Located<String>, _ variant: String, _ first: Located<String>, _ firstVariant: String,
    _ config: EnvironmentConfig
  ) -> Finding {
    Site(file: config.file, flag: config.flag, environment: config.environment).finding(
      .targetUnderTwoVariants,
      "targeting key \(key.value.quoted) stands under \(firstVariant.quoted) and \(variant.quoted)",
      help: "remove it from one of the two", at: key.range,
      notes: [Note("it stands under \(firstVariant.quoted) here", file: config.file, range: first.range)])
  }
}
