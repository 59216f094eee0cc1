using System.Numerics;

namespace Weft.Policy.Resolution;

/// <summary>A set of identities by their positions: a bit each, so that thousands of selectors over ten thousand identities stay small.</summary>
internal sealed class IdentitySet
{
    private ulong[] _words = [];

    public int Count { get; private set; }

    public bool Contains(int position) => position >> 6 < _words.Length && (_words[position >> 6] & (1UL << (position & 63))) != 0;

    public bool Add(int position)
    {
        if (position >> 6 >= _words.Length)
        {
            Array.Resize(ref _words, Math.Max((position >> 6) + 1, _words.Length * 2));
        }

        if (Contains(position))
        {
            return false;
        }

        _words[position >> 6] |= 1UL << (position & 63);
        Count++;
        return true;
    }

    public bool Remove(int position)
    {
        if (!Contains(position))
        {
            return false;
        }

        _words[position >> 6] &= ~(1UL << (position & 63));
        Count--;
        return true;
    }

    public Enumerator GetEnumerator() => new(_words);

    /// <summary>Upwards. The set may not change meanwhile.</summary>
    public struct Enumerator(ulong[] words)
    {
        private int _next;
        private ulong _rest = words.Length > 0 ? words[0] : 0;

        public int Current { get; private set; }

        public bool MoveNext()
        {
            while (_rest == 0)
            {
                if (++_next >= words.Length)
                {
                    return false;
                }

                _rest = words[_next];
            }

            Current = (_next << 6) + BitOperations.TrailingZeroCount(_rest);
            _rest &= _rest - 1;
            return true;
        }
    }
}
