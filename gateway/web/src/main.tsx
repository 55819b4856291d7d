import { type ComponentChild, render } from 'preact';
import { EventListPage } from './pages/EventListPage.tsx';
import { FanPage } from './pages/FanPage.tsx';
import { FindOrdersPage } from './pages/FindOrdersPage.tsx';
import { NotFoundPage } from './pages/NotFoundPage.tsx';
import { OrderPage } from './pages/OrderPage.tsx';

const root = document.getElementById('app')!;
const [, section, id] = location.pathname.split('/');

async function page(): Promise<ComponentChild> {
  if (section === '') return <EventListPage />;
  if (section === 'events' && id) return <FanPage eventId={decodeURIComponent(id)} />;
  if (section === 'orders' && !id) return <FindOrdersPage />;
  if (section === 'orders' && id) return <OrderPage orderId={decodeURIComponent(id)} />;
  if (section === 'operator') {
    // Fans never load the desk.
    const { OperatorPage } = await import('./operator/OperatorPage.tsx');
    return <OperatorPage />;
  }
  return <NotFoundPage />;
}

render(await page(), root);
