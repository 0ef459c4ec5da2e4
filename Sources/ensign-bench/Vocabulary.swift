/// The words of a generated tree.
enum Vocabulary {
  static let countries = [
    "AT", "BE", "CA", "CH", "DE", "DK", "ES", "FI", "FR", "GB", "IE", "IT", "NL", "NO", "PL", "PT", "SE", "US",
  ]

  static let groups = ["beta", "early-access", "employees", "partners", "press", "support", "testers", "translators"]

  static let companies = ["acme", "globex", "hooli", "initech", "stark", "umbrella", "vandelay", "wayne"]

  static let places = [
    "banner", "basket", "catalogue", "checkout", "coupon", "dashboard", "delivery", "export", "feed", "filters",
    "gallery", "header", "invoice", "login", "menu", "newsletter", "onboarding", "player", "profile", "receipt",
    "refunds", "returns", "reviews", "search", "settings", "sidebar", "signup", "tracking", "uploads", "wishlist",
  ]

  static let ways = [
    "async", "batched", "cached", "compact", "dark", "express", "guest", "inline", "lazy", "mobile", "new", "one-page",
    "personal", "quick", "responsive", "safe", "smart", "sticky", "streaming", "unified",
  ]

  private static let teams = [
    "accounts", "billing", "checkout", "content", "discovery", "fraud", "fulfilment", "growth", "identity", "insights",
    "logistics", "loyalty", "marketing", "messaging", "mobile", "payments", "platform", "pricing", "search", "support",
  ]

  /// The name of a team by its number, different for each.
  static func team(_ number: Int) -> String {
    number < teams.count ? teams[number] : "\(teams[number % teams.count])-\(number / teams.count + 1)"
  }
}
