import './styles/font.css'
import './styles/base.css'
import './styles/form.css'
import './styles/picture.css'
import './styles/views.css'
import { render } from 'preact'
import { Page } from './page.tsx'

render(<Page />, document.getElementById('page')!)
