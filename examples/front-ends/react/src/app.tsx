import { useState } from 'react';
import { instances$ } from './instances';
import { useObservable } from './use-observable';

export function App() {
  const [shown, setShown] = useState(true);
  return (
    <>
      <button onClick={() => setShown(!shown)}>{shown ? 'Hide' : 'Show'}</button>
      {shown && <Instances />}
    </>
  );
}

function Instances() {
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
