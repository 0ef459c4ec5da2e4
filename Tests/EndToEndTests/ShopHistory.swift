import Foundation
import Testing

/// A small repository whose history has a bit of everything, the same to the byte on every machine.
///
/// Commits are numbered by the tags `c1` to `c9`.
final class ShopHistory: Sendable {
  let folder: TemporaryFolder

  /// The one for all tests, which nobody changes.
  ///
  /// It goes when the tests end.
  static let shared: Result<ShopHistory, any Error> = {
    atexit { ShopHistory.remove() }
    return Result { try ShopHistory() }
  }()

  private static func remove() {
    if let shop = try? shared.get() { try? FileManager.default.removeItem(atPath: shop.folder.path) }
  }

  init() throws {
    folder = try TemporaryFolder()
    let outcome = try shell(Self.script, in: folder.path)
    try #require(outcome.status == 0, "\(outcome)")
  }

  func run(_ line: String, in place: String = "shop") -> Outcome {
    EndToEndTests.run(line.split(separator: " ").map(String.init), in: folder / place)
  }

  private static let script = #"""
    set -e
    export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 TZ=UTC
    export GIT_COMMITTER_NAME=Build GIT_COMMITTER_EMAIL=build@acme.example
    # save NUMBER DAY AUTHOR MESSAGE: commits everything.
    save() {
      git add -A
      GIT_AUTHOR_NAME=$3 GIT_AUTHOR_EMAIL=$3@acme.example GIT_AUTHOR_DATE=2026-11-$2T09:00:00+0100 \
        GIT_COMMITTER_DATE=2026-11-$2T10:00:00Z git commit -q -m "$4"
      git tag c$1
    }
    git init -q -b main shop && cd shop
    mkdir -p flags/definitions flags/segments flags/environments/{staging,production}
    cat > flags/ensign.yaml <<'END'
    format: 1
    project: acme-shop
    environments: [staging, production]
    attributes:
      country: {type: string}
      plan: {type: string}
    END
    echo 'include: [user-1, user-2]' > flags/segments/staff.yaml
    cat > flags/definitions/checkout-v2.yaml <<'END'
    description: One-page checkout.
    type: boolean
    off: off
    kind: operational
    END
    cat > flags/environments/staging/checkout-v2.yaml <<'END'
    enabled: true
    otherwise: on
    END
    save 1 02 ada "Add the flag of the new checkout"
    cat > flags/environments/production/checkout-v2.yaml <<'END'
    enabled: true
    targets: {on: [user-9]}
    rules:
      - name: staff
        when: {segment: staff}
        serve: on
      - name: eu-premium
        when: {country: [DE, FR], plan: premium}
        serve: {split: {on: 10, off: 90}}
    otherwise: off
    END
    save 2 03 ada "Start in production"
    # Nothing that counts: a comment, another folder, another order.
    mkdir flags/environments/production/payments
    git mv flags/environments/production/checkout-v2.yaml flags/environments/production/payments/
    f=flags/environments/production/payments/checkout-v2.yaml
    sed -i 's/^enabled/# The page of 2026.\nenabled/; s/\[DE, FR\]/[FR, DE]/' $f
    save 3 04 bea "Move the flag to its team"
    sed -i 's/on: 10, off: 90/on: 25, off: 75/' $f
    save 4 09 bea 'Raise checkout-v2

    Conversion is up by 2 %.

    Flag: checkout-v2
    Reason: the first week went well'
    sed -i 's/on: 25/on: [25/' $f
    save 5 10 cid "Break it"
    sed -i 's/on: \[25/on: 25/; s/\[user-9\]/[user-8, user-9]/' $f
    save 6 11 cid "Mend it"
    git switch -q -c side c4
    echo 'include: [user-1, user-3]' > flags/segments/staff.yaml
    save 7 12 dan "Let Dan in"
    git switch -q main
    GIT_AUTHOR_NAME=ada GIT_AUTHOR_EMAIL=ada@acme.example GIT_AUTHOR_DATE=2026-11-13T09:00:00+0100 \
      GIT_COMMITTER_DATE=2026-11-13T10:00:00Z git merge -q --no-ff -m "Merge side" side
    git tag c8
    sed -i 's/^enabled: true/enabled: false/' $f
    save 9 16 ada "Switch it off"
    git clone -q --bare . ../bare.git
    git clone -q --depth 2 "file://$PWD" ../shallow
    """#
}
