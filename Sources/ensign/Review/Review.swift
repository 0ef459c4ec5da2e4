internal import Ensign
internal import FlagCompiler
internal import FlagHistory
internal import FlagReview
internal import FlagSource
internal import Git
internal import YAML

/// What `check` found out.
struct Review {
  let request: ReviewRequest
  /// The findings that are reported.
  private(set) var report: Report
  /// How many findings the baseline has that would have been reported.
  private(set) var knownCount = 0
  /// The flag tests; nil when the tree has errors.
  private(set) var tests: FlagTestReport?
  /// Where the reviewed tree's files are, in reports.
  let prefix: String
  /// The comparison with the base; nil without one, and when one of the trees has errors.
  private(set) var plan: ReviewPlan?
  /// The commit that the change is compared with.
  private(set) var baseCommit: ObjectID?
  /// The commit that is reviewed, or that the working tree is based on; nil without a base.
  private(set) var headCommit: ObjectID?
  /// Other branches; nil when nobody asked.
  private(set) var conflicts: [BranchConflict]?
  /// What stands in the way of a whole review, a sentence each.
  private(set) var notes: [String] = []

  /// Defects of this program that showed, a sentence each.
  private(set) var disagreements: [String] = []

  /// Whether the change fails.
  var isFailed: Bool { report.isFailed || !disagreements.isEmpty }

  init(_ request: ReviewRequest, in session: Session) throws(CommandError) {
    self.request = request
    // Before anything is read: a mistyped base should not take long to be told.
    let comparison = try request.base.map { base throws(CommandError) in try BaseComparison(base, request, in: session)
    }
    let (location, validation, _) = try session.validation(revision: request.revision)
    prefix = location.pathPrefix
    report = Report(
      validation, prefix: location.pathPrefix, isColored: session.style.isColored, failOn: request.failOn)
    var compiled: [CompiledEnvironment] = []
    if let checked = validation.checked {
      tests = try session.testReport(of: checked, below: location)
      compiled = try CheckedSource(location: location, checked: checked, commit: nil).compiled()
    }
    var result: BaseComparison.Result?
    if let comparison {
      (baseCommit, headCommit) = (comparison.base, comparison.head)
      result = try comparison.result(against: validation, compiledTo: compiled, request, in: session)
      (plan, conflicts, notes) = (result?.plan, result?.conflicts, result?.notes ?? [])
      disagreements = plan?.disagreements ?? []
    }
    report.findings += analysis(of: validation, compiledTo: compiled, scope: result?.scope, in: session)
    if let plan, let tree = validation.tree {
      report.findings += validation.findings(
        plan.findings(in: tree) + (result?.reusedKeys ?? []), of: .review, isWhole: false)
    }
    if let result {
      let (touched, others) = result.scope.split(report)
      report.findings = result.policies.reduce(touched) { $1.forbidding($0) }
      report.findings += others.filter { request.reportsAll || $0.level == .error }
      report.findings += result.findings
    }
    report.findings += tests?.findings ?? []
    report.findings.sort(by: Finding.reportOrder)
  }

  /// What the flags do for every context: of all of them, or of those that the change touches.
  private mutating func analysis(
    of validation: Validation, compiledTo compiled: [CompiledEnvironment], scope: FindingScope?, in session: Session
  ) -> [Finding] {
    guard let tree = validation.tree, !compiled.isEmpty else { return [] }
    let flags = request.reportsAll ? nil : scope?.touchedFlags(of: tree)
    let unchanged = flags == nil ? UnchangedFlags(request, in: session) : nil
    let analysis = Progress.during("ensign: analysing …", in: session) {
      AnalysisReport(of: tree, compiledTo: compiled, flags: flags) { flag, environment in
        unchanged?.days(of: flag, in: environment)
      }
    }
    disagreements += analysis.disagreements
    session.detail(
      "analysed \(Plural.of(analysis.ruleCount, "rule")), \(analysis.undecided.count) of which are undecided"
        + (analysis.undecided.isEmpty ? "" : ": " + analysis.undecided.joined(separator: ", ")))
    return validation.findings(analysis.findings, of: .analysis, isWhole: flags == nil)
  }

  /// Leaves out the findings that a baseline has.
  mutating func keepNew(beside baseline: Baseline, in session: Session) {
    let (new, known) = baseline.split(report)
    report.findings = new
    knownCount = known
    if known > 0 {
      session.summary("\(Plural.of(known, "finding")) of the baseline \(known == 1 ? "is" : "are") left out")
    }
  }
}
