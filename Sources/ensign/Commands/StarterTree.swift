/// The files of a new flags tree.
enum StarterTree {
  /// Paths relative to the tree's folder, in the order in which a newcomer reads them.
  static func files(project: String) -> [(path: String, text: String)] {
    [
      ("ensign.yaml", manifest(project: project)),
      ("definitions/welcome-banner.yaml", definition),
      ("segments/staff.yaml", segment),
      ("environments/development/welcome-banner.yaml", development),
      ("environments/staging/welcome-banner.yaml", staging),
      ("environments/production/welcome-banner.yaml", production),
      ("tests/welcome-banner.yaml", tests),
    ]
  }

  private static func manifest(project: String) -> String {
    """
    # The project: its environments, what a service may say about a user, and who owns flags.
    format: 1
    project: \(project)

    # In the order in which a change is promoted.
    environments: [development, staging, production]

    # What conditions may test. `targetingKey` (who is asking) and `now` (when) are built in.
    attributes:
      email:   {type: string, private: true}   # private: never logged
      country: {type: string}

    owners:
      web: {contact: "#web"}

    """
  }

  private static let definition = """
    description: A banner that welcomes new visitors.
    type: boolean          # variants: on and off
    off: off               # what is served where the flag is disabled
    owner: web
    kind: operational      # release | experiment | operational | permission

    """

  private static let segment = """
    description: Our own people.
    when:
      email: {endsWith: "@example.com"}

    """

  private static let development = """
    enabled: true
    otherwise: on

    """

  private static let staging = """
    enabled: true
    rules:
      - name: staff
        when: {segment: staff}
        serve: on
    otherwise: off

    """

  private static let production = """
    enabled: true
    rules:                       # the first rule that matches decides
      - name: staff
        when: {segment: staff}
        serve: on
    otherwise:                   # everyone else: the same tenth of the users each time
      split: {on: 10, off: 90}

    """

  private static let tests = """
    - name: our own people see the banner
      flag: welcome-banner
      environment: [staging, production]
      given: {targetingKey: user-1, email: ada@example.com}
      expect: on
      because: staff
    - name: one visitor in ten sees it
      flag: welcome-banner
      environment: production
      given: {targetingKey: user-2}
      bucket: 9.999              # the place in the split, in percent
      expect: on
    - name: the next one does not
      flag: welcome-banner
      environment: production
      given: {targetingKey: user-2}
      bucket: 10
      expect: off
    - name: developers always see it
      flag: welcome-banner
      environment: development
      given: {targetingKey: user-3}
      expect: on

    """
}
