import { render } from 'preact'
import { AccountPage } from './account-page.tsx'

const root = document.getElementById('page')
if (root !== null) render(<AccountPage />, root)
