'use client';

import { useState } from 'react';
import { instances$ } from '../lib/instances';
import { useObservable } from '../lib/use-observable';

export function Instances() {
  const [shown, setShown] = useState(true);
  return (
    <>
      <button onClick={() => setShown(!shown)}>{shown ? 'Hide' : 'Show'}</button>
      {shown && <InstanceList />}
    </>
  );
}

function InstanceList() {
  const { value: instances = [], error } = useObservable(instances$);
  return (
    <>
      {error && <p role="alert">{error.message}</p>}
      <ul>
        {instances.map(({ InstanceId, InstanceName, Status }) => (
          <li key={InstanceId}>
            {InstanceName} {Status}
          </li>
        ))}
      </ul>
    </>
  );
}
