import HtmlWebpackPlugin from 'html-webpack-plugin';

export default {
  mode: 'production',
  entry: './src/main.ts',
  module: { rules: [{ test: /\.ts$/, use: 'ts-loader' }] },
  resolve: { extensions: ['.ts', '.js'] },
  output: { clean: true, filename: '[name].[contenthash].js' },
  plugins: [new HtmlWebpackPlugin({ template: 'src/index.html' })],
};
