/// What kind of thing a target is, where a step's noun says so: `the Login button`.
public enum TargetKind: String, Hashable, Codable, Sendable, CaseIterable {
  case button, checkbox, field, file, folder, icon, item, label, link, list, menu, option
  case radioButton = "radio button"
  case row, tab
}
