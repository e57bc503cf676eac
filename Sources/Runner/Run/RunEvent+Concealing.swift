internal import Recording
internal import Scenario
internal import Story

extension RunEvent {
  /// The same without the values of secrets: what is told to a terminal, a reporter or a summary.
  func concealed(by redactor: Redactor) -> RunEvent {
    let hide = { (text: String) in redactor.redact(text) }
    switch self {
    case .started(var info, let folder):
      info.commandLine = info.commandLine.map(hide)
      info.model = hide(info.model)
      return .started(info, folder: folder)
    case .caseStarted(let info, let attempt, let worker):
      return .caseStarted(info.concealed(by: redactor), attempt: attempt, worker: worker)
    case .progress(let id, var progress):
      progress.step = hide(progress.step)
      progress.doing = hide(progress.doing)
      return .progress(caseID: hide(id), progress)
    case .noted(let id, let text, let isWarning):
      return .noted(caseID: hide(id), text: hide(text), isWarning: isWarning)
    case .caseFinished(let info, var ending, let worker):
      ending.ending.reason = hide(ending.ending.reason)
      return .caseFinished(info.concealed(by: redactor), ending, worker: worker)
    case .notice(let text): return .notice(hide(text))
    case .warning(let text): return .warning(hide(text))
    case .finished(var summary):
      // The rest of it comes from the journal, which knows no secrets.
      summary.problems = summary.problems.map(hide)
      return .finished(summary)
    }
  }
}

extension CaseInfo {
  fileprivate func concealed(by redactor: Redactor) -> CaseInfo {
    var info = self
    info.id = redactor.redact(id)
    info.name = redactor.redact(name)
    info.description = description.map { redactor.redact($0) }
    info.location.file = redactor.redact(location.file)
    info.tags = tags.map { redactor.redact($0) }
    info.properties = properties.map {
      Scenario.Property(name: redactor.redact($0.name), value: redactor.redact($0.value))
    }
    return info
  }
}
