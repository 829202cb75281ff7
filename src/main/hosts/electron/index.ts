export { type ElectronCore, type ElectronHostSetup, startElectronHost } from './electron-host'
