import Foundation
import Testing

/// A repository with a branch for each thing that a review tells, the same to the byte on every machine.
///
/// `main` is the base of `design` (the examples of the documentation), `segment`, `broken`, `failing`, `equivalent`,
/// `kill`, `loosened` and `huge`; `other` changes a flag that `design` changes, too.
final class ReviewedShop: Sendable {
  let folder: TemporaryFolder

  /// The one for all tests, which nobody changes.
  static let shared: Result<ReviewedShop, any Error> = {
    atexit { ReviewedShop.remove() }
    return Result { try ReviewedShop() }
  }()

  private static func remove() {
    if let shop = try? shared.get() { try? FileManager.default.removeItem(atPath: shop.folder.path) }
  }

  init() throws {
    folder = try TemporaryFolder()
    let outcome = try shell(Self.script, in: folder.path)
    try #require(outcome.status == 0, "\(outcome)")
  }

  /// Runs a command line in the work tree of `place`.
  func run(_ line: String, in place: String = "shop", variables: [String: String] = [:]) -> Outcome {
    EndToEndTests.run(
      line.split(separator: " ").map(String.init) + ["--now", "2026-11-21T00:00:00Z"], in: folder / place,
      variables: variables)
  }

  private static let script = #"""
    set -e
    export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 TZ=UTC
    export GIT_COMMITTER_NAME=Build GIT_COMMITTER_EMAIL=build@acme.example
    # save DAY AUTHOR MESSAGE: commits everything.
    save() {
      git add -A
      GIT_AUTHOR_NAME=$2 GIT_AUTHOR_EMAIL=$2@acme.example GIT_AUTHOR_DATE=2026-11-$1T09:00:00Z \
        GIT_COMMITTER_DATE=2026-11-$1T09:00:00Z git commit -q --allow-empty -m "$3"
    }
    git init -q -b main shop && cd shop
    mkdir -p flags/definitions flags/segments flags/tests flags/environments/{development,staging,production}
    cat > flags/ensign.yaml <<'END'
    format: 1
    project: acme-shop
    environments: [development, staging, production]
    attributes:
      country: {type: string}
      plan: {type: string, values: [free, pro, premium, enterprise]}
      appVersion: {type: version}
    owners:
      payments: {contact: "#payments", members: [ada@acme.example, bea@acme.example]}
    policies:
      production:
        requireTests: true
        maxMove: 20
        approvals: {from: trailers, by: [payments]}
        auto-approve: equivalent
    END
    echo 'description: Our own people.
    include: [user-1, user-2]' > flags/segments/staff.yaml
    for flag in banner checkout-v2 search-ranking; do
      cat > flags/definitions/$flag.yaml <<END
    description: The flag $flag.
    type: boolean
    off: off
    owner: payments
    kind: operational
    END
      for environment in development staging; do
        printf 'enabled: true\notherwise: on\n' > flags/environments/$environment/$flag.yaml
      done
      printf -- '- {flag: %s, environment: [development], given: {targetingKey: u}, expect: on}\n' $flag \
        > flags/tests/$flag.yaml
    done
    printf 'enabled: true\notherwise: off\n' > flags/environments/staging/banner.yaml
    cat > flags/environments/production/checkout-v2.yaml <<'END'
    enabled: true
    rules:
      - name: staff
        when: {segment: staff}
        serve: on
      - name: eu-premium
        when: {country: [DE, FR], plan: premium, appVersion: {atLeast: 2.1.0}}
        serve: {split: {on: 10, off: 90}}
    otherwise: off
    END
    cat > flags/environments/production/search-ranking.yaml <<'END'
    enabled: true
    rules:
      - name: uk-enterprise
        when: {country: GB, plan: enterprise}
        serve: {split: {on: 50, off: 50}}
    otherwise: off
    END
    cat > flags/environments/production/banner.yaml <<'END'
    enabled: true
    rules:
      - name: everybody
        when: {any: [{plan: free}, {not: {plan: free}}]}
        serve: on
    otherwise: on
    END
    save 02 ada "Add the flags"
    git branch -q other
    git switch -q -c design
    sed -i 's/on: 10, off: 90/on: 25, off: 75/' flags/environments/production/checkout-v2.yaml
    sed -i 's/^rules:/rules:\n  - {name: gb, when: {country: GB}, serve: {split: {on: 25, off: 75}}}/' \
      flags/environments/production/search-ranking.yaml
    printf 'enabled: true\notherwise: on\n' > flags/environments/production/banner.yaml
    printf 'enabled: true\notherwise: on\n' > flags/environments/staging/banner.yaml
    save 03 dan "Go on"
    save 04 ada 'Agree

    Approved-by: Ada <ada@acme.example>'
    git switch -q main && git switch -q -c segment
    sed -i 's/user-2/user-3/' flags/segments/staff.yaml
    save 03 dan "Let user-3 in"
    git switch -q main && git switch -q -c broken
    sed -i 's/otherwise: off/otherwise: of/' flags/environments/production/search-ranking.yaml
    save 03 dan "Break it"
    git switch -q main && git switch -q -c failing
    sed -i 's/expect: on/expect: off/' flags/tests/banner.yaml
    save 03 dan "Expect something else"
    git switch -q main && git switch -q -c equivalent
    printf '# All of them.\nenabled: true\notherwise: on\n' > flags/environments/production/banner.yaml
    save 03 dan "Say it shorter"
    git switch -q main && git switch -q -c kill
    sed -i 's/enabled: true/enabled: false/' flags/environments/production/banner.yaml
    save 03 dan "Switch it off"
    git switch -q main && git switch -q -c loosened
    sed -i '/^policies/,$d' flags/ensign.yaml
    save 03 dan "Do as we like"
    git switch -q main && git switch -q -c huge
    for number in $(seq 200 399); do
      printf 'type: boolean\noff: off\n' > flags/definitions/flag-$number.yaml
      printf 'enabled: true\nrules:\n  - {name: a-rule, when: {country: [DE, FR, GB, US, NO]}, serve: on}\notherwise: off\n' \
        | tee flags/environments/staging/flag-$number.yaml > flags/environments/production/flag-$number.yaml
    done
    save 03 dan "Add many"
    git switch -q other
    sed -i 's/on: 10, off: 90/on: 12, off: 88/' flags/environments/production/checkout-v2.yaml
    save 03 eva "Go on, slowly"
    git switch -q design
    cd .. && git clone -q --depth 1 --no-single-branch "file://$PWD/shop" shallow && git -C shallow switch -q design
    git clone -q --bare shop bare.git
    printf '{"targetingKey":"user-%s","country":"GB","plan":"enterprise"}\n' $(seq 1000) > people.jsonl
    """#
}
