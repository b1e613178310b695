/** `rx-alicloud/angular/testing`: Alibaba Cloud in the process of an Angular test. */
export { provideAlicloudTesting } from './provide-alicloud-testing.js';
