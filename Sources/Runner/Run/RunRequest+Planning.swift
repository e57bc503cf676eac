internal import Digests
internal import JSONCoding
internal import Recording
internal import Scenario
internal import Story

extension RunRequest {
  /// All that is fixed before an attempt of a case.
  func plan(for testCase: Case, attempt: Int, with ports: any PortFactory) -> SessionPlan {
    var testCase = testCase
    if let calls = maximumModelCalls {
      testCase.scenario.limits.modelCalls = min(testCase.scenario.limits.modelCalls, calls)
    }
    return SessionPlan(
      testCase: testCase, attempt: attempt, model: ports.modelProfile(for: testCase),
      hasFastModel: ports.hasFastModel, modelReason: ports.requirements.model.reason,
      isStrict: isStrict, patience: patience, secretNames: secrets.keys.sorted(),
      policy: ports.policy(for: testCase), hasPerson: ports.person != nil)
  }

  /// What the run is about to do.
  ///
  /// Digests are of what the redactor leaves: one of a secret's value could be guessed at.
  func plan(with ports: any PortFactory, redactor: Redactor) -> RunPlan {
    let plans = cases.map { plan(for: $0, attempt: 1, with: ports) }
    return RunPlan(
      cases: plans.map { plan in
        let testCase = plan.testCase
        let json = (try? JSON(encoding: plan)) ?? .null
        return PlannedCase(
          id: testCase.id, name: testCase.name, location: testCase.scenario.location,
          retries: testCase.scenario.retries,
          digest: SHA256(of: redactor.redact(json).bytes).description)
      },
      settings: settings(plans.first, ports),
      files: files.map { file in
        FileDigest(
          file: file.path, digest: SHA256(of: redactor.redact(file.bytes)).description)
      })
  }

  /// What is the same in all attempts is in any plan.
  private func settings(_ plan: SessionPlan?, _ ports: any PortFactory) -> RunSettings {
    RunSettings(
      isStrict: isStrict, failsOnFlaky: failsOnFlaky, maximumFailures: maximumFailures,
      patience: patience, workers: workers, globalTimeout: globalTimeout,
      maximumModelCalls: maximumModelCalls, record: record.rawValue,
      readsBack: plan?.readsBack ?? true, provesTyping: plan?.provesTyping ?? true,
      rules: plan?.rules ?? .current, models: ports.models)
  }
}
