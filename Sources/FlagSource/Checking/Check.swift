/// What a rule looks at, with the function that looks.
///
/// One walk of the tree feeds the checks of all rules (``Checks``), so that a rule costs only what it looks at, and no
/// rule forgets one of the places where, say, a variant can be named.
package enum Check: Sendable {
  /// The tree as a whole, after all of its parts.
  case tree(@Sendable (_ facts: TreeFacts, _ uses: TreeUses, _ findings: inout Findings) -> Void)
  case definition(@Sendable (_ definition: Definition, _ facts: TreeFacts, _ findings: inout Findings) -> Void)
  /// A config; its definition is nil when there is none or it could not be read.
  case config(
    @Sendable (_ config: EnvironmentConfig, _ definition: Definition?, _ facts: TreeFacts, _ findings: inout Findings)
      -> Void)
  case segment(@Sendable (_ segment: Segment, _ facts: TreeFacts, _ findings: inout Findings) -> Void)
  /// A test; its definition is nil when there is none or it could not be read.
  case test(
    @Sendable (_ test: FlagTest, _ definition: Definition?, _ facts: TreeFacts, _ findings: inout Findings) -> Void)
  /// Every condition, outermost first.
  case condition(
    @Sendable (_ condition: Located<Condition>, _ site: Site, _ facts: TreeFacts, _ findings: inout Findings) -> Void)
  /// The tests on one attribute; its facts are nil when it is not declared.
  case attributeTest(
    @Sendable (
      _ test: AttributeTest, _ attribute: AttributeFacts?, _ site: Site, _ facts: TreeFacts, _ findings: inout Findings
    ) -> Void)
  /// Every `by` that is written.
  case hashedAttribute(
    @Sendable (_ attribute: Located<String>, _ site: Site, _ facts: TreeFacts, _ findings: inout Findings) -> Void)
  /// Every name of a flag outside its own files: in `requires` and in tests.
  case flagName(
    @Sendable (_ flag: Located<String>, _ site: Site, _ facts: TreeFacts, _ findings: inout Findings) -> Void)
  /// Every name of a segment in a condition.
  case segmentName(
    @Sendable (_ segment: Located<String>, _ site: Site, _ facts: TreeFacts, _ findings: inout Findings) -> Void)
  /// Every name of a variant, with the definition of the flag whose variant it must be.
  case variantName(
    @Sendable (
      _ variant: Located<String>, _ definition: Definition, _ site: Site, _ facts: TreeFacts, _ findings: inout Findings
    ) -> Void)
  /// Every list whose order does not matter and in which nothing should stand twice, with the word for its entries.
  case list(
    @Sendable (
      _ entries: [Located<String>], _ noun: String, _ site: Site, _ facts: TreeFacts, _ findings: inout Findings
    ) -> Void)
}

/// Where a check looks: the file, and the flag and environment that findings there concern.
package struct Site: Sendable {
  package var file: FileReference
  package var flag: String?
  package var environment: String?

  package init(file: FileReference, flag: String? = nil, environment: String? = nil) {
    self.file = file
    self.flag = flag
    self.environment = environment
  }
}
