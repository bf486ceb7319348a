import Kernel

/// Every app of this repository: the contract tests run over all of them.
let allApps: [App] = []
