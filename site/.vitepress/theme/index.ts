/// <reference types="vitepress/client" />
// The system's fonts: nothing to load.
import DefaultTheme from 'vitepress/theme-without-fonts';
import './style.css';

export default DefaultTheme;
