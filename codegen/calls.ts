/** The statements that make the call and hand on its response. */
import { nothing, type Draft, type Rule } from './draft.js';
import { nameIn, statement, type Captures } from './pattern.js';
import { paramsOf, readParams } from './read-params.js';

const answers = (draft: Draft, captures: Captures): void => void (draft.responseModel = nameIn(captures, 'response'));

const ordinaryCalls: readonly Rule[] = [
  [
    statement('let req = new $OpenApiUtil.OpenApiRequest($$request);'),
    (draft, { request }) => Object.assign(draft, { request }),
  ],
  [
    statement('let params = new $OpenApiUtil.Params($$params);'),
    (draft, { params }) => (draft.params = readParams(params!)),
  ],
  [
    statement(`return $dara.cast<$_model.$$response>(
      await this.callApi(params, req, runtime), new $_model.$$response({}));`),
    answers,
  ],
  // The other way is for gateways that sign in their own way.
  [
    statement(`if ($dara.isNull(this._signatureVersion) || this._signatureVersion != "v4") {
      return $dara.cast<$_model.$$response>(await this.callApi(params, req, runtime), new $_model.$$response({}));
    } else {
      return $dara.cast<$_model.$$response>(await this.execute(params, req, runtime), new $_model.$$response({}));
    }`),
    answers,
  ],
];

/** Calls that are signed in the older way. */
function olderCalls(): Rule[] {
  const taken =
    (defaults: Readonly<Record<string, string>>): Rule[1] =>
    (draft, captures) => {
      answers(draft, captures);
      draft.protocol = 'V1';
      if (captures.action) draft.params = paramsOf(captures.action.parent, captures, defaults);
    };
  const rpc = { style: 'RPC', pathname: '/', reqBodyType: 'formData' };
  const alone = (place: Draft['everything']): Rule[1] => {
    const take = taken({ ...rpc, bodyType: 'json' });
    return (draft, captures, line) => {
      take(draft, captures, line);
      Object.assign(draft, { everything: place, isBodyAlone: true });
    };
  };
  return [
    ...(
      [
        ['doRPCRequest', '', rpc],
        ['doROARequest', 'pathname, ', { style: 'ROA', reqBodyType: 'json' }],
        ['doROARequestWithForm', 'pathname, ', { style: 'ROA', reqBodyType: 'formData' }],
      ] as const
    ).flatMap(([method, pathname, defaults]): Rule[] => {
      const names = `action, version, protocol, method, authType, ${pathname}bodyType`;
      const call = (prefix: string): Rule[0] =>
        statement(`return $dara.cast<$_model.$$response>(
          await this.${method}(${names.replace(/\w+/g, (name) => prefix + name)}, req, runtime), new $_model.$$response({}));`);
      // The constants stand in the call, or before it.
      return [
        [call('params.'), taken({})],
        [call('$$'), taken(defaults)],
      ];
    }),
    [
      statement(`return $dara.cast<$_model.$$response>(
        await this.doRequest($$action, $$protocol, $$method, $$version, $$authType, $tea.toMap(request), null, runtime),
        new $_model.$$response({}));`),
      alone('query'),
    ],
    [
      statement(`return $dara.cast<$_model.$$response>(
        await this.doRequest($$action, $$protocol, $$method, $$version, $$authType, null, $tea.toMap(request), runtime),
        new $_model.$$response({}));`),
      alone('body'),
    ],
    ...(
      [
        ['Util.stringifyMapValue($tea.toMap(request.query))', { everything: 'query', inner: 'query' }],
        ['null', { isBare: true }],
      ] as const
    ).map(([query, said]): Rule => [
      statement(`return $dara.cast<$_model.$$response>(
        await this.doRequestWithAction($$action, $$version, $$protocol, $$method, $$authType, $$pathname,
          ${query}, request.headers, null, runtime),
        new $_model.$$response({}));`),
      (draft, captures, line) => {
        taken({ style: 'ROA', reqBodyType: 'json', bodyType: 'any' })(draft, captures, line);
        Object.assign(draft, said);
      },
    ]),
  ];
}

/** Calls that answer with server-sent events, each with JSON or with text. */
function eventCalls(): Rule[] {
  const each = (data: string): Rule => [
    statement(`for await (let resp of sseResp) {
      if (!$dara.isNull(resp.event) && !$dara.isNull(resp.event.data)) {
        let data = ${data};
        yield $dara.cast<$_model.$$response>({
          statusCode: resp.statusCode,
          headers: resp.headers,
          id: resp.event.id,
          event: resp.event.event,
          body: data,
        }, new $_model.$$response({}));
      }
    }`),
    answers,
  ];
  return [
    [statement('let sseResp = await this.callSSEApi(params, req, runtime);'), (draft) => (draft.isEvents = true)],
    each('JSON.parse(resp.event.data)'),
    each('resp.event.data'),
    // An event's id and name are there beside its data, for those that ask for them.
    [
      statement(`for await (let resp of sseResp) {
        let data = JSON.parse(resp.event.data);
        yield $dara.cast<$_model.$$response>({
          statusCode: resp.statusCode,
          headers: resp.headers,
          body: { ...data, RequestId: resp.event.id, Message: resp.event.event, },
        }, new $_model.$$response({}));
      }`),
      answers,
    ],
  ];
}

/** Calls that answer with bytes. */
function bytesCalls(): Rule[] {
  return [
    [statement('let res = new $_model.$$response({ });'), answers],
    [statement('let tmp = await this.callApi(params, req, runtime);'), nothing],
    [
      statement(`if (!$dara.isNull(tmp["body"])) {
        let respBody = tmp["body"] instanceof Readable ? tmp["body"] : Readable.from(tmp["body"]);
        res.body = respBody;
      }`),
      nothing,
    ],
    [
      statement(`if (!$dara.isNull(tmp["headers"])) {
        let respHeaders = tmp["headers"];
        res.headers = OpenApiUtil.stringifyMapValue(respHeaders);
      }`),
      nothing,
    ],
    [
      statement(`if (!$dara.isNull(tmp["statusCode"])) {
        let statusCode = parseInt(tmp["statusCode"]);
        res.statusCode = statusCode;
      }`),
      nothing,
    ],
    [statement('return res;'), nothing],
  ];
}

export const callRules: readonly Rule[] = [...ordinaryCalls, ...olderCalls(), ...eventCalls(), ...bytesCalls()];
