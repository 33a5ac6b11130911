import { render } from 'preact'
import { AdminPage } from './admin-page.tsx'

const root = document.getElementById('page')
if (root !== null) render(<AdminPage />, root)
