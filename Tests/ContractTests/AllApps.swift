import Analytics
import Kernel
import Organisation
import Plan
import ServiceDesk
import Situation

/// The apps of this repository, as `Sources/Server/Apps.swift` lists them.
let builtApps: [App] = [serviceDesk, situation, plan, organisation, analytics]

/// Every app that the contract holds for: the built ones, and the guide's worked example.
let allApps: [App] = builtApps + [fleet]
