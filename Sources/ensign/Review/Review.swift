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

  /// Whether the change fails.
  var isFailed: Bool { report.isFailed || plan?.disagreements.isEmpty == false }

  init(_ request: ReviewRequest, in session: Session) throws(CommandError) {
    self.request = request
    // Before anything is read: a mistyped base should not take long to be told.
    let comparison = try request.base.map { base throws(CommandError) in try BaseComparison(base, request, in: session)
    }
    let (location, validation, _) = try session.validation(revision: request.revision)
    prefix = location.pathPrefix
    report = Report(
      validation, prefix: location.pathPrefix, isColored: session.style.isColored, failOn: request.failOn)
    if let checked = validation.checked { tests = try session.testReport(of: checked, below: location) }
    guard let comparison else {
      report.findings += tests?.findings ?? []
      report.findings.sort(by: Finding.reportOrder)
      return
    }
    (baseCommit, headCommit) = (comparison.base, comparison.head)
    let result = try comparison.result(against: validation, request, in: session)
    (plan, conflicts, notes) = (result.plan, result.conflicts, result.notes)
    let (touched, others) = result.scope.split(report)
    report.findings = result.policies.reduce(touched) { $1.forbidding($0) }
    report.findings += others.filter { request.reportsAll || $0.level == .error }
    report.findings += result.findings + (tests?.findings ?? [])
    report.findings.sort(by: Finding.reportOrder)
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
