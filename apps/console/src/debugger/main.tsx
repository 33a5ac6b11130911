import { render } from 'preact'
import { DebuggerPage } from './debugger-page.tsx'

const root = document.getElementById('page')
if (root !== null) render(<DebuggerPage />, root)
