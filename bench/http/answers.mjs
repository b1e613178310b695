/** What the server answers, the same to every client: the regions, and a page of 100 instances. */

const regions = [
  ['cn-hangzhou', '华东1（杭州）'],
  ['cn-shanghai', '华东2（上海）'],
  ['cn-qingdao', '华北1（青岛）'],
  ['cn-beijing', '华北2（北京）'],
  ['cn-zhangjiakou', '华北3（张家口）'],
  ['cn-huhehaote', '华北5（呼和浩特）'],
  ['cn-shenzhen', '华南1（深圳）'],
  ['cn-heyuan', '华南2（河源）'],
  ['cn-guangzhou', '华南3（广州）'],
  ['cn-chengdu', '西南1（成都）'],
  ['cn-hongkong', '中国香港'],
  ['ap-northeast-1', '日本（东京）'],
  ['ap-northeast-2', '韩国（首尔）'],
  ['ap-southeast-1', '新加坡'],
  ['ap-southeast-3', '马来西亚（吉隆坡）'],
  ['ap-southeast-5', '印度尼西亚（雅加达）'],
  ['ap-southeast-7', '泰国（曼谷）'],
  ['us-east-1', '美国（弗吉尼亚）'],
  ['us-west-1', '美国（硅谷）'],
  ['eu-west-1', '英国（伦敦）'],
  ['eu-central-1', '德国（法兰克福）'],
  ['me-east-1', '阿联酋（迪拜）'],
];

/** How many regions and instances the answers hold. */
export const regionsOfAnswer = regions.length;
export const instancesOfAnswer = 100;

/** 2.9 KB. */
export const small = JSON.stringify({
  RequestId: '2B6E1F0C-7D5A-4B7E-9C1D-5B0F7E6A4D21',
  Regions: {
    Region: regions.map(([RegionId, LocalName]) => ({
      Status: 'available',
      RegionEndpoint: `ecs.${RegionId}.aliyuncs.com`,
      LocalName,
      RegionId,
    })),
  },
});

/** 155 KB, with text that is not ASCII in each instance. */
export const large = JSON.stringify({
  PageNumber: 1,
  PageSize: 100,
  TotalCount: 100,
  RequestId: 'E5A0D9B4-90C3-4B6F-8A39-1F6C2D7B5E10',
  NextToken: '',
  Instances: { Instance: Array.from({ length: instancesOfAnswer }, (_, number) => instance(number)) },
});

function instance(number) {
  const id = number.toString(36).padStart(4, '0');
  const address = `192.168.${number >> 4}.${10 + (number % 16)}`;
  return {
    InstanceId: `i-bp1hx7q2m9c8r5w3${id}`,
    InstanceName: `生产环境-网关-${number}`,
    HostName: `gateway-${number}`,
    Description: '客户接口网关，运维维护',
    Status: number % 10 === 0 ? 'Stopped' : 'Running',
    RegionId: 'cn-hangzhou',
    ZoneId: 'cn-hangzhou-i',
    InstanceType: 'ecs.g7.xlarge',
    InstanceTypeFamily: 'ecs.g7',
    Cpu: 4,
    Memory: 16384,
    OSName: 'Alibaba Cloud Linux  3.2104 LTS 64位',
    OSType: 'linux',
    ImageId: 'aliyun_3_x64_20G_alibase_20240819.vhd',
    InstanceChargeType: 'PostPaid',
    InternetChargeType: 'PayByTraffic',
    InternetMaxBandwidthOut: 100,
    InstanceNetworkType: 'vpc',
    IoOptimized: true,
    CreationTime: '2024-09-02T03:17Z',
    ExpiredTime: '2099-12-31T15:59Z',
    SpotStrategy: 'NoSpot',
    DeletionProtection: true,
    GPUAmount: 0,
    ResourceGroupId: 'rg-acfm3peow3k222q',
    SecurityGroupIds: { SecurityGroupId: ['sg-bp15ed6xe1yxeycg7o1', 'sg-bp1fg655nh68xyz9i2'] },
    PublicIpAddress: { IpAddress: [`121.40.${number}.17`] },
    EipAddress: { AllocationId: '', IpAddress: '', InternetChargeType: '' },
    OperationLocks: { LockReason: [] },
    Tags: {
      Tag: [
        { TagKey: '部门', TagValue: '基础设施' },
        { TagKey: 'environment', TagValue: 'production' },
      ],
    },
    VpcAttributes: {
      VpcId: 'vpc-bp1opxu1zkhn00gzv26cn',
      VSwitchId: 'vsw-bp1s5fnvk4gn2tws03624',
      PrivateIpAddress: { IpAddress: [address] },
      NatIpAddress: '',
    },
    NetworkInterfaces: {
      NetworkInterface: [
        {
          NetworkInterfaceId: `eni-bp125p95hhdhn3ot${id}`,
          MacAddress: '00:16:3e:0f:32:7b',
          Type: 'Primary',
          PrimaryIpAddress: address,
          PrivateIpSets: { PrivateIpSet: [{ PrivateIpAddress: address, Primary: true }] },
          Ipv6Sets: { Ipv6Set: [] },
        },
      ],
    },
  };
}
