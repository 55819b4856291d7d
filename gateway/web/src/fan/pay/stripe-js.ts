/** As much of Stripe.js as we use. */
export interface CardField {
  mount(frame: HTMLElement): void;
  destroy(): void;
  on(happens: 'ready' | 'loaderror', heard: () => void): void;
}
export interface StripeJs {
  elements(): { create(kind: 'card', options: { hidePostalCode: boolean }): CardField };
  createPaymentMethod(of: { type: 'card'; card: CardField }): Promise<{
    readonly paymentMethod?: { readonly id: string };
    readonly error?: { readonly message?: string };
  }>;
}

/** Stripe wants it loaded from there and from nowhere else; the release is the one whose API the core speaks. */
const ADDRESS = 'https://js.stripe.com/endive/stripe.js';

let loading: Promise<(publishableKey: string) => StripeJs> | undefined;

/** Loads it once, when a card is going to be entered. @throws when it does not come; asked again, it is loaded again. */
export async function loadStripe(publishableKey: string): Promise<StripeJs> {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = ADDRESS;
    script.onload = () => {
      const { Stripe } = window as { Stripe?: (publishableKey: string) => StripeJs };
      if (Stripe === undefined) reject(new Error('Stripe.js is not what came'));
      else resolve(Stripe);
    };
    script.onerror = () => reject(new Error('Stripe.js did not come'));
    document.head.append(script);
  });
  try {
    return (await loading)(publishableKey);
  } catch (error) {
    loading = undefined;
    throw error;
  }
}
