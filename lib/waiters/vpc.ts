/** Waiters for VPC. docs/operators/wait-for.md lists them, and where the states are documented. */
import { defineResource, defineWaiter } from '../operators/waiter.js';
import {
  describeEipAddresses,
  describeNatGateways,
  describeVpcs,
  describeVpnGateways,
  describeVSwitches,
} from '../services/vpc.js';

const network = /* @__PURE__ */ defineResource({
  operation: describeVpcs,
  maxIds: 20,
  request: (ids) => ({ VpcId: ids.join(), PageSize: 50 }),
  items: ({ Vpcs }) => Vpcs?.Vpc,
  idOf: ({ VpcId }) => VpcId,
  stateOf: ({ Status }) => Status,
});
const vSwitch = /* @__PURE__ */ defineResource({
  operation: describeVSwitches,
  request: ([VSwitchId]) => ({ VSwitchId }),
  items: ({ VSwitches }) => VSwitches?.VSwitch,
  idOf: ({ VSwitchId }) => VSwitchId,
  stateOf: ({ Status }) => Status,
});
const natGateway = /* @__PURE__ */ defineResource({
  operation: describeNatGateways,
  request: ([NatGatewayId]) => ({ NatGatewayId }),
  items: ({ NatGateways }) => NatGateways?.NatGateway,
  idOf: ({ NatGatewayId }) => NatGatewayId,
  stateOf: ({ Status }) => Status,
});
const eip = /* @__PURE__ */ defineResource({
  operation: describeEipAddresses,
  maxIds: 50,
  request: (ids) => ({ AllocationId: ids.join(), PageSize: 50 }),
  items: ({ EipAddresses }) => EipAddresses?.EipAddress,
  idOf: ({ AllocationId }) => AllocationId,
  stateOf: ({ Status }) => Status,
});
const vpnGateway = /* @__PURE__ */ defineResource({
  operation: describeVpnGateways,
  request: ([VpnGatewayId]) => ({ VpnGatewayId }),
  items: ({ VpnGateways }) => VpnGateways?.VpnGateway,
  idOf: ({ VpnGatewayId }) => VpnGatewayId,
  stateOf: ({ Status }) => Status,
});

export const vpcAvailable = /* @__PURE__ */ defineWaiter('vpcAvailable', network, { states: ['Available'] });
export const vpcGone = /* @__PURE__ */ defineWaiter('vpcGone', network, { gone: true });
export const vSwitchAvailable = /* @__PURE__ */ defineWaiter('vSwitchAvailable', vSwitch, { states: ['Available'] });
export const vSwitchGone = /* @__PURE__ */ defineWaiter('vSwitchGone', vSwitch, { gone: true });
export const natGatewayAvailable = /* @__PURE__ */ defineWaiter('natGatewayAvailable', natGateway, {
  states: ['Available'],
  fails: ['Deleting'],
});
export const natGatewayGone = /* @__PURE__ */ defineWaiter('natGatewayGone', natGateway, { gone: true });
export const eipAvailable = /* @__PURE__ */ defineWaiter('eipAvailable', eip, {
  states: ['Available'],
  fails: ['Releasing'],
});
export const eipInUse = /* @__PURE__ */ defineWaiter('eipInUse', eip, { states: ['InUse'], fails: ['Releasing'] });
export const eipGone = /* @__PURE__ */ defineWaiter('eipGone', eip, { gone: true });
export const vpnGatewayActive = /* @__PURE__ */ defineWaiter('vpnGatewayActive', vpnGateway, {
  states: ['active'],
  fails: ['deleting'],
});
