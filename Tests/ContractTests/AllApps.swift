import Kernel
import Organisation
import Plan
import ServiceDesk

/// The apps of this repository, as `Sources/Server/Apps.swift` lists them.
let builtApps: [App] = [serviceDesk, plan, organisation]

/// Every app that the contract holds for: the built ones, and the guide's worked example.
let allApps: [App] = builtApps + [fleet]
